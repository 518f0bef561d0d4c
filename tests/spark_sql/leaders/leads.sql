WITH dealt AS (
  SELECT
    lead_id,
    COALESCE(delegate_id, member_id) AS leader_id
  FROM referral__leads AS leads
  WHERE
    close_month = :close_month AND outcome = 'assigned'
), asked AS (
  SELECT
    lead_id,
    requested_at + :contact_hours * INTERVAL '1' HOUR AS contact_by
  FROM extracts__leads AS leads
)
SELECT
  dealt.leader_id,
  lead.lead_id,
  lead.requested_at,
  CASE WHEN NOT COALESCE(lead.contact_opt_out, FALSE) THEN lead.name END AS name,
  CASE WHEN NOT COALESCE(lead.contact_opt_out, FALSE) THEN lead.email END AS email,
  CASE WHEN NOT COALESCE(lead.contact_opt_out, FALSE) THEN lead.phone END AS phone,
  asked.contact_by,
  COALESCE(lead.contact_opt_out, FALSE) AS contact_opt_out,
  CAST(asked.contact_by + clock.offset_seconds * INTERVAL '1' SECOND AS DATE) AS contact_on
FROM dealt
JOIN extracts__leads AS lead
  ON lead.lead_id = dealt.lead_id
JOIN asked
  ON asked.lead_id = dealt.lead_id
LEFT JOIN book__clock AS clock
  ON asked.contact_by >= clock.from_at AND asked.contact_by < clock.to_at
