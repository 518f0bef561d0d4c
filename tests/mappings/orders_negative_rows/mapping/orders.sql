select * from shop where amount not like '-%'
