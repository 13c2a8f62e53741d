-- Two roles for the backend's database on PostgreSQL: one owns the tables and changes their form, the
-- other serves and can only add to the books. Neither the service nor who breaks into it can then change or
-- remove a line of the ledger, or take away the triggers that forbid it.
--
-- Run once by an administrator, in the backend's database, after creating both roles with passwords:
--   createuser --pwprompt smartics_owner; createuser --pwprompt smartics_serving
--   createdb --owner smartics_owner smartics
--   psql --dbname smartics --set owner=smartics_owner --set serving=smartics_serving --file postgresql_roles.sql
-- Then `smartics backend migrate` (and restore) with a backend.toml that names the owner, this file again after
-- each migration that made a table, and `smartics backend serve`, check, checkpoint and backup with one that
-- names the serving role.

\set ON_ERROR_STOP on
BEGIN;

ALTER SCHEMA public OWNER TO :"owner";
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"serving";

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"serving";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"serving";

SELECT format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM %I', name, :'serving')
  FROM unnest(ARRAY['ledger', 'payloads', 'refused_facts', 'tree_heads']) AS name
 WHERE to_regclass('public.' || name) IS NOT NULL \gexec
SELECT format('REVOKE INSERT, DELETE ON %I FROM %I', name, :'serving')
  FROM unnest(ARRAY['ledger_end', 'alembic_version']) AS name
 WHERE to_regclass('public.' || name) IS NOT NULL \gexec

COMMIT;
