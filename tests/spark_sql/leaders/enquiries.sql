SELECT
  leader_id,
  COALESCE(email, phone, lead_id) AS person,
  contact_on,
  MAX(name) AS name,
  MAX(email) AS email,
  MAX(phone) AS phone,
  MIN(requested_at) AS requested_at,
  MIN(contact_by) AS contact_by,
  LISTAGG(lead_id, ', ') WITHIN GROUP (ORDER BY
    lead_id NULLS LAST) AS leads,
  CASE
    WHEN MAX(CASE WHEN contact_opt_out THEN 1 ELSE 0 END) = 1
    THEN 'barred'
    WHEN contact_on <= :month_end
    THEN 'past'
    ELSE 'open'
  END AS state
FROM leaders__leads AS leads
GROUP BY
  leader_id,
  COALESCE(email, phone, lead_id),
  contact_on
