select Transaktionscode as reversal_id, "Zugehöriger Transaktionscode" as order_id,
    to_time(Datum || ' ' || Uhrzeit || ' ' || zones."offset", '%d.%m.%Y %H:%M:%S %z') as reversed_at, 'refund' as kind,
    replace(to_number(Brutto, ',', '.'), '-', '') as amount, replace(to_number(Brutto, ',', '.'), '-', '') as bv,
    paypal.source_file, paypal.source_line
from paypal join zones on zones.zone = paypal.Zeitzone
where Brutto like '-%'
