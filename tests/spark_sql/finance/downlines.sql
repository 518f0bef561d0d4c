WITH people AS (
  SELECT
    member.member_id,
    member.sponsor_id,
    COALESCE(statement.net_bv, 0) AS net_bv,
    CASE WHEN member.member_type = 'associate' THEN 1 ELSE 0 END AS associates,
    CASE
      WHEN member.enrolled_on >= :month_start AND member.enrolled_on <= :month_end
      THEN 1
      ELSE 0
    END AS newcomers,
    CASE WHEN statement.net_bv > 0 THEN 1 ELSE 0 END AS active
  FROM extracts__members AS member
  LEFT JOIN finance__statements AS statement
    ON statement.member_id = member.member_id AND statement.close_month = :close_month
), sponsors AS (
  SELECT
    sponsor_id AS member_id
  FROM extracts__members AS members
  WHERE
    NOT sponsor_id IS NULL
  GROUP BY
    sponsor_id
), last_in_line AS (
  SELECT
    person.sponsor_id AS member_id,
    SUM(person.net_bv) AS net_bv,
    COUNT(*) AS people,
    SUM(person.associates) AS associates,
    SUM(person.newcomers) AS newcomers,
    SUM(person.active) AS active
  FROM people AS person
  ANTI JOIN sponsors
    ON sponsors.member_id = person.member_id
  WHERE
    NOT person.sponsor_id IS NULL
  GROUP BY
    person.sponsor_id
)
SELECT
  person.member_id,
  person.sponsor_id AS ancestor_id,
  CAST(person.net_bv + COALESCE(last_in_line.net_bv, 0) AS DECIMAL(38, 2)) AS group_bv,
  CAST(1 + COALESCE(last_in_line.people, 0) AS INT) AS people,
  CAST(person.associates + COALESCE(last_in_line.associates, 0) AS INT) AS associates,
  CAST(person.newcomers + COALESCE(last_in_line.newcomers, 0) AS INT) AS newcomers,
  CAST(person.active + COALESCE(last_in_line.active, 0) AS INT) AS active
FROM people AS person
SEMI JOIN sponsors
  ON sponsors.member_id = person.member_id
LEFT JOIN last_in_line
  ON last_in_line.member_id = person.member_id
