WITH last_orders AS (
  SELECT
    CASE WHEN placed.channel = 'member' THEN placed.buyer_id ELSE placed.seller_id END AS member_id,
    MAX(placed.ordered_on) AS ordered_on,
    MAX(placed.ordered_on) FILTER(WHERE
      placed.channel = 'member') AS bought_on
  FROM extracts__orders AS placed
  LEFT JOIN finance__reversed AS reversed
    ON reversed.order_id = placed.order_id
  WHERE
    placed.ordered_on <= :month_end
    AND placed.channel <> 'retail'
    AND placed.amount > COALESCE(reversed.amount, 0)
  GROUP BY
    CASE WHEN placed.channel = 'member' THEN placed.buyer_id ELSE placed.seller_id END
), referred AS (
  SELECT
    holder.holder_id AS member_id,
    MAX(placed.ordered_on) AS ordered_on
  FROM finance__holders AS holder
  JOIN extracts__orders AS placed
    ON placed.order_id = holder.order_id AND placed.ordered_on <= :month_end
  LEFT JOIN finance__reversed AS reversed
    ON reversed.order_id = placed.order_id
  WHERE
    placed.amount > COALESCE(reversed.amount, 0)
  GROUP BY
    holder.holder_id
), customers_below AS (
  SELECT
    customer.sponsor_id AS member_id,
    MAX(last_orders.bought_on) AS bought_on
  FROM extracts__members AS customer
  JOIN last_orders
    ON last_orders.member_id = customer.member_id
  WHERE
    customer.member_type = 'preferred_customer'
  GROUP BY
    customer.sponsor_id
), activities AS (
  SELECT
    member.member_id,
    GREATEST(
      CASE WHEN member.enrolled_on <= :month_end THEN member.enrolled_on END,
      last_orders.ordered_on,
      referred.ordered_on,
      CASE WHEN member.member_type = 'associate' THEN customers_below.bought_on END
    ) AS last_activity_on
  FROM extracts__members AS member
  LEFT JOIN last_orders
    ON last_orders.member_id = member.member_id
  LEFT JOIN referred
    ON referred.member_id = member.member_id
  LEFT JOIN customers_below
    ON customers_below.member_id = member.member_id
)
SELECT
  member_id,
  last_activity_on
FROM activities
WHERE
  NOT last_activity_on IS NULL
