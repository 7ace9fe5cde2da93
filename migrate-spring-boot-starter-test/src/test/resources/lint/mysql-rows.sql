INSERT INTO parent VALUES (1, 1);
INSERT INTO t VALUES (1, 1, 'x', 'x', 1, 1), (2, 2, 'y', 'y', 2, 1), (3, 3, 'z', 'x', 3, NULL);
INSERT INTO other VALUES (1, 1), (2, 2);
