-- One row per RAN of which there is news: another status than the last close worked out, still
-- open, or a refund due that is not the refund made (contract 2.7; returns article).
-- grain: ran_id
-- report: by ran_id
select
    state.ran_id,
    state.order_id,
    authorised.reason,
    state.requested_on,
    state.status,
    state.status_reason,
    state.remedy,
    cast(coalesce(refund.refund_due, 0) as decimal(18, 2)) as refund_due,
    judged.currency,
    cast(coalesce(refund.bv_due, 0) as decimal(18, 2)) as bv_due,
    cast(coalesce(refund.refund_made, 0) as decimal(18, 2)) as refund_made,
    cast(
        coalesce(refund.refund_due, 0) - coalesce(refund.refund_made, 0) as decimal(18, 2)
    ) as difference,
from returns.statuses as state
join extracts.returns as authorised on authorised.ran_id = state.ran_id
join returns.judgements as judged on judged.ran_id = state.ran_id and judged.day = $month_end
left join returns.refunds as refund on refund.ran_id = state.ran_id
where
    state.close_month = $close_month
    and (
        state.is_news
        or state.status in ('requested', 'awaiting_goods')
        or coalesce(refund.refund_due, 0) <> coalesce(refund.refund_made, 0)
    )
