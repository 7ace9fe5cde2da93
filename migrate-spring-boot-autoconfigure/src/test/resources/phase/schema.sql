create table if not exists from_script (id int);
