-- Forget a webhook; its attempts go with it. Whoever delivers for it finds no row to move.
DELETE FROM webhooks WHERE realm = $1 AND scope = $2 AND id = $3 RETURNING *
