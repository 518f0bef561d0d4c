WITH subscribed AS (
  SELECT
    customer_email,
    day,
    owner_id,
    since_on
  FROM (
    SELECT
      consultant.customer_email,
      consultant.day,
      consultant.consultant_id AS owner_id,
      consultant.tied_on AS since_on,
      ROW_NUMBER() OVER (
        PARTITION BY consultant.customer_email, consultant.day
        ORDER BY consultant.tied_on NULLS LAST, consultant.subscription_id NULLS LAST
      ) AS _w
    FROM customers__consultants AS consultant
    SEMI JOIN customers__days AS days
      ON days.day = consultant.day
    WHERE
      consultant.status = 'active' AND NOT consultant.consultant_id IS NULL
  ) AS _t
  WHERE
    _w = 1
), bought AS (
  SELECT
    customer_email,
    day,
    owner_id,
    since_on
  FROM (
    SELECT
      sale.customer_email,
      purchase.day,
      sale.seller_id AS owner_id,
      sale.ordered_on AS since_on,
      ROW_NUMBER() OVER (PARTITION BY sale.customer_email, purchase.day ORDER BY sale.order_id DESC) AS _w
    FROM customers__purchases AS purchase
    JOIN extracts__orders AS sale
      ON sale.customer_email = purchase.customer_email
      AND sale.ordered_at = purchase.last_ordered_at
      AND sale.channel = 'sale'
    ANTI JOIN customers__cancellations AS cancelled
      ON cancelled.order_id = sale.order_id AND cancelled.cancelled_on <= purchase.day
  ) AS _t
  WHERE
    _w = 1
)
SELECT
  customer_email,
  day,
  owner_id,
  'subscription' AS basis,
  since_on
FROM subscribed
UNION ALL
SELECT
  bought.customer_email,
  bought.day,
  bought.owner_id,
  'purchase' AS basis,
  bought.since_on
FROM bought
ANTI JOIN subscribed
  ON subscribed.customer_email = bought.customer_email AND subscribed.day = bought.day
