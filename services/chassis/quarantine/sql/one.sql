-- One text of a scope.
SELECT * FROM quarantine WHERE realm = $1 AND scope = $2 AND id = $3
