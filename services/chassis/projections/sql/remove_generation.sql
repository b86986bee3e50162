-- Forget a generation whose table is gone.
DELETE FROM projection_generations WHERE name = $1 AND version = $2 AND number = $3
