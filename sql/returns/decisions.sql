-- One row per RAN of which there is news, and why it is listed: another status than the last close
-- worked out, still open, or a refund due that is not the refund made (contract 2.7; returns
-- article).
-- grain: ran_id
-- report: by ran_id
with
explained as (
    select
        state.ran_id,
        case
            when state.is_news then 'changed'
            when state.status in ('requested', 'awaiting_goods') then 'open'
            when coalesce(refund.refund_due, 0) <> coalesce(refund.refund_made, 0)
                then 'unsettled'
        end as listed_for,
        coalesce(refund.refund_due, 0) as refund_due,
        coalesce(refund.bv_due, 0) as bv_due,
        coalesce(refund.refund_made, 0) as refund_made,
    from returns.statuses as state
    left join returns.refunds as refund on refund.ran_id = state.ran_id
    where state.close_month = $close_month
)

select
    state.ran_id,
    state.order_id,
    authorised.reason,
    state.requested_on,
    state.status,
    state.status_reason,
    state.remedy,
    cast(explained.refund_due as decimal(38, 2)) as refund_due,
    judged.currency,
    cast(explained.bv_due as decimal(38, 2)) as bv_due,
    cast(explained.refund_made as decimal(38, 2)) as refund_made,
    cast(explained.refund_due - explained.refund_made as decimal(38, 2)) as difference,
    explained.listed_for,
from explained
join returns.statuses as state
    on state.ran_id = explained.ran_id and state.close_month = $close_month
join extracts.returns as authorised on authorised.ran_id = state.ran_id
join returns.judgements as judged on judged.ran_id = state.ran_id and judged.day = $month_end
where explained.listed_for is not null
