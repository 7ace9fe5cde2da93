CREATE TABLE parent (id bigint PRIMARY KEY, x int);
CREATE TABLE t (id bigint PRIMARY KEY, a int, b varchar(50), e enum('x', 'y'), n int NOT NULL DEFAULT 1,
parent_id bigint) CHARACTER SET utf8mb4;
CREATE TABLE other (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id FROM other;
CREATE PROCEDURE drops() ALTER TABLE other DROP COLUMN a;
