select order_id as reversal_id, split_part(order_id, '-', 1) as order_id, ordered_at as reversed_at, 'refund' as kind,
 -cast(amount as decimal(18,2)) as amount, -cast(bv as decimal(18,2)) as bv, source_file, source_line from shop where amount like '-%'
