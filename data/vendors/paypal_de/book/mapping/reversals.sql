select
    Transaktionscode as reversal_id,
    "Zugehöriger Transaktionscode" as order_id,
    to_time(
        Datum || ' ' || Uhrzeit || ' ' || coalesce(zones."offset", Zeitzone),
        '%d.%m.%Y %H:%M:%S %z'
    ) as reversed_at,
    'refund' as kind,
    -- a refund is a negative row here
    replace(to_number(Brutto, ',', '.'), '-', '') as amount,
    paypal.source_file, paypal.source_line,
from paypal left join zones on zones.zone = paypal.Zeitzone
where Status = 'Abgeschlossen' and Typ = 'Rückzahlung'
