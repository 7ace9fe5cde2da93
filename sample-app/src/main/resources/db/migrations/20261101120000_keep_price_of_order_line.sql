-- migrate:allow held-through: it ran before the shop opened, when there were no orders yet
-- migrate:up
-- The price of the day, so that a later change of the product leaves old orders alone.
alter table order_lines add column price_cents bigint default 0 not null;

update order_lines
set price_cents = (select price_cents from products where products.sku = order_lines.sku);

-- migrate:down
alter table order_lines drop column price_cents;
