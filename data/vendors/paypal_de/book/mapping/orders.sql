-- date, time and zone stand in three columns; zones.csv says what a zone's letters mean. One that it
-- does not know stands in quarantine with its letters
select
    Transaktionscode as order_id,
    to_time(
        Datum || ' ' || Uhrzeit || ' ' || coalesce(zones."offset", Zeitzone),
        '%d.%m.%Y %H:%M:%S %z'
    ) as ordered_at,
    'retail' as channel,
    "Absender E-Mail-Adresse" as customer_email,
    paypal.Name as customer_name,
    -- the activity has no country
    'DE' as country,
    to_number(Brutto, ',', '.') as amount,
    "Währung" as currency,
    to_number(Brutto, ',', '.') as bv,
    paypal.source_file, paypal.source_line,
from paypal left join zones on zones.zone = paypal.Zeitzone
where Status = 'Abgeschlossen'
    and Typ in ('Allgemeine Zahlung', 'PayPal Express-Zahlung', 'Website-Zahlung')
    and Brutto not like '-%'
