create domain dom as int;
create domain dp as int check (value > 0);
create type mood as enum ('sad', 'ok');
create table parent (id bigint primary key, x int);
create table other (id bigint);
create table t (
	id bigint primary key, a int, b text, v varchar(10), n numeric(10, 2), ts timestamp, d dom, j jsonb, parent_id bigint
);
create index tv on t (v);
create table du (id bigint primary key, d dom);
create table child (
	id bigint primary key, t_id bigint, state text not null default 'new', note text, span interval, constraint child_t foreign key (t_id) references t
);
create index child_t_id on child (t_id);
create table pt (id int, d int) partition by range (d);
create table p1 partition of pt for values from (0) to (10);
create table pd partition of pt default;
create table pq (id int, d int) partition by range (d);
create table p2 partition of pq for values from (10) to (20);
create table p3 (id int, d int);
create table "Mixed Case" (id bigint primary key, "order" int, "Parent" bigint);
create view vt as select id as a from parent;
create materialized view mv as select id from t;
create unique index mv_id on mv (id);
create function tf() returns trigger language plpgsql as $$ begin return new; end $$;
create function hide() returns void language plpgsql set client_min_messages = 'error' as $$
begin
	alter table t alter a set not null;
end $$;
