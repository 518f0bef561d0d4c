SELECT
  line.ran_id,
  line.product_code,
  line.authorised,
  line.received,
  line.accepted,
  line.returned_to_sender
FROM returns__acceptances AS line
SEMI JOIN returns__decisions AS decision
  ON decision.ran_id = line.ran_id AND decision.close_month = :close_month
