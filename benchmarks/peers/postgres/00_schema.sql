-- The tables that stay from month to month. Months are counted as year * 12 + month - 1.
create table policy (
    opening integer, zone text, ranks text[], countries text[], min_rank integer,
    min_order_bv numeric, min_enrolments integer, min_enrolment_order_bv numeric,
    reassignment_business_days integer, contact_hours integer, pay_levels integer,
    inactive_months integer, first_flag_month integer, leader_rank integer,
    list_levels integer, exempt text[]
);
create table markets (
    country text primary key, notice_day integer, grace_days integer, first_flag_month integer
);
create table calendar (
    month integer primary key, qualification_start date, qualification_end date,
    benefits_start date, benefits_end date
);
create table public_holidays (country text, day date, primary key (country, day));
create table closing (month integer, first_day date, last_day date);

create table members (
    member_id text primary key, member_type text not null, email text, language text,
    country text, sponsor_id text, enroller_id text, business_id text,
    enrolled_on date, rank integer, seat_id text
);
create table orders (
    order_id text primary key, ordered_at timestamptz, day date, event_month integer,
    posting integer, channel text, country text, amount numeric(14, 2), bv numeric(14, 2),
    holder text, is_assigned boolean
);
create index orders_posting on orders (posting);
create index orders_day on orders using brin (day);
create index orders_holder on orders (holder);
create table reversals (
    reversal_id text primary key, order_id text, reversed_at timestamptz, day date,
    event_month integer, posting integer, kind text, amount numeric(14, 2), bv numeric(14, 2)
);
create index reversals_order on reversals (order_id);
create table paid_ranks (
    member_id text, week_start date, rank integer, primary key (member_id, week_start)
);
create index paid_ranks_week on paid_ranks (week_start);
create table holds (
    hold_id text primary key, member_id text, kind text, starts_on date, ends_on date
);
create table reassignments (
    order_id text primary key, member_id text, requested_at timestamptz, day date,
    event_month integer, posting integer
);
create table leads (
    lead_id text primary key, requested_at timestamptz, day date, event_month integer,
    posting integer, country text
);
create table delegates (
    member_id text, delegate_id text, starts_on date, ends_on date,
    primary key (member_id, starts_on)
);

create table qualification (
    month integer, seat_id text, credit_member_id text, rank integer, weeks_paid bigint,
    weeks integer, best_order_bv numeric(14, 2), enrolments bigint, standing boolean,
    barred boolean, qualified boolean, reasons text, primary key (month, seat_id)
);
create table qualified_centres (month integer, seat_id text, member_id text);
create table service (kind text, seat_id text, serial bigint, primary key (kind, seat_id));
create table flags (
    member_id text primary key, last_on date, flagged_on date, notice_on date,
    deadline date, is_new boolean
);
create table removals (member_id text primary key, month integer);
create unlogged table cancelled (order_id text);
create unlogged table bounds (cutoff date, last_day date);
