SELECT
  leader_id,
  member_id,
  relation,
  level
FROM (
  WITH leaders AS (
    SELECT
      member.member_id,
      ranking.level AS rank_level
    FROM extracts__members AS member
    JOIN book__ranks AS ranking
      ON ranking.rank = member.rank
    ANTI JOIN inactivity__gone AS gone
      ON gone.member_id = member.member_id
    WHERE
      member.member_type = 'associate'
  ), relations AS (
    SELECT
      leader.member_id AS leader_id,
      flag.member_id,
      'enroller' AS relation
    FROM inactivity__flagged AS flag
    JOIN leaders AS leader
      ON leader.member_id = flag.enroller_id AND leader.member_id <> flag.member_id
    WHERE
      flag.close_month = :close_month
    UNION ALL
    SELECT
      leader.member_id AS leader_id,
      upline.member_id,
      'upline' AS relation
    FROM inactivity__uplines AS upline
    JOIN leaders AS leader
      ON leader.member_id = upline.ancestor_id AND leader.rank_level >= :leader_rank_level
  )
  SELECT
    relation.leader_id,
    relation.member_id,
    relation.relation,
    upline.level,
    ROW_NUMBER() OVER (
      PARTITION BY relation.leader_id, relation.member_id
      ORDER BY relation.relation NULLS LAST
    ) AS _w
  FROM relations AS relation
  LEFT JOIN inactivity__uplines AS upline
    ON upline.member_id = relation.member_id AND upline.ancestor_id = relation.leader_id
) AS _t
WHERE
  _w = 1
