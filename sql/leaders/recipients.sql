-- One row per member who gets a pack: somebody with a row in one of its files, or whose seat held
-- the rank to take part in the referral programme, qualified or not (contract 3, leaders' packs).
-- grain: leader_id
-- keep: this month
with
reasons as (
    select leader_id from leaders.inactivity
    union all
    select leader_id from leaders.referrals
    union all
    select leader_id from leaders.leads
    union all
    select leader_id from leaders.follow_ups
    union all
    select leader_id from leaders.customers
    union all
    select leader_id from leaders.commissions
    union all
    select leader_id from leaders.onboarding
    union all
    select credit_member_id as leader_id
    from referral.qualification
    where close_month = $close_month
)

select leader_id
from reasons
where leader_id is not null
group by leader_id
