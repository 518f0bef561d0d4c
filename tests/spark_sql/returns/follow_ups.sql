WITH followed AS (
  SELECT
    placed.order_id,
    placed.channel,
    placed.customer_email,
    placed.ordered_on,
    placed.ordered_at + :contact_hours * INTERVAL '1' HOUR AS contact_by,
    COALESCE(holder.holder_id, placed.seller_id) AS representative_id
  FROM extracts__orders AS placed
  LEFT JOIN finance__holders AS holder
    ON holder.order_id = placed.order_id
  LEFT JOIN finance__reversed AS reversed
    ON reversed.order_id = placed.order_id
  WHERE
    NOT placed.posting_month IS NULL
    AND placed.ordered_on <= :month_end
    AND placed.ordered_on >= CAST(:month_start - GREATEST(:arrival_to_days, :check_in_days, COALESCE(:contact_hours, 0) DIV 24 + 2) * INTERVAL '1' DAY AS DATE)
    AND placed.amount > COALESCE(reversed.amount, 0)
    AND (
      placed.channel = 'sale'
      OR (
        NOT holder.holder_id IS NULL AND NOT COALESCE(placed.contact_opt_out, FALSE)
      )
    )
), tasks AS (
  SELECT
    followed.order_id,
    'contact' AS task,
    followed.ordered_on AS due_from,
    CAST(followed.contact_by + clock.offset_seconds * INTERVAL '1' SECOND AS DATE) AS due_to
  FROM followed
  JOIN book__clock AS clock
    ON followed.contact_by >= clock.from_at AND followed.contact_by < clock.to_at
  WHERE
    followed.channel = 'retail'
  UNION ALL
  SELECT
    order_id,
    'arrival' AS task,
    CAST(ordered_on + :arrival_from_days * INTERVAL '1' DAY AS DATE) AS due_from,
    CAST(ordered_on + :arrival_to_days * INTERVAL '1' DAY AS DATE) AS due_to
  FROM followed
  UNION ALL
  SELECT
    order_id,
    'check_in' AS task,
    CAST(ordered_on + :check_in_days * INTERVAL '1' DAY AS DATE) AS due_from,
    CAST(ordered_on + :check_in_days * INTERVAL '1' DAY AS DATE) AS due_to
  FROM followed
)
SELECT
  followed.representative_id,
  followed.order_id,
  followed.customer_email,
  tasks.task,
  tasks.due_from,
  tasks.due_to
FROM tasks
JOIN followed
  ON followed.order_id = tasks.order_id
WHERE
  tasks.due_to >= :month_start
