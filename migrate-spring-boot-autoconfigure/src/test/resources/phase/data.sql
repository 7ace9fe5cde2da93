insert into first values (42);
