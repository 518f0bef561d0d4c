select Transaktionscode as order_id,
    to_time(Datum || ' ' || Uhrzeit || ' ' || zones."offset", '%d.%m.%Y %H:%M:%S %z') as ordered_at,
    'retail' as channel, "Absender E-Mail-Adresse" as customer_email, paypal.Name as customer_name, 'NL' as country,
    to_number(Brutto, ',', '.') as amount, "Währung" as currency, to_number(Brutto, ',', '.') as bv,
    paypal.source_file, paypal.source_line
from paypal join zones on zones.zone = paypal.Zeitzone
where Brutto not like '-%'
