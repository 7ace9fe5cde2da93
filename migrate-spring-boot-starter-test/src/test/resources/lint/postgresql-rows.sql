insert into parent select g, g from generate_series(1, 300) g;
insert into other select g from generate_series(1, 300) g;
insert into t select g, g, 'b' || g, 'v', g, now(), 1, '{"a": 1}', g from generate_series(1, 300) g;
insert into du select g, 1 from generate_series(1, 300) g;
insert into pt select g, g % 10 from generate_series(1, 300) g;
insert into pt select g, 50 from generate_series(1, 300) g;
insert into p3 select g, 25 from generate_series(1, 300) g;
refresh materialized view mv;
