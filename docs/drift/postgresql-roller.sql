-- Databasroller för Skolkronan. Kör en gång per databas, i den databasen, som superanvändare:
--
--   createdb skolkronan
--   psql -d skolkronan -v ON_ERROR_STOP=1 -f postgresql-roller.sql
--   psql -d skolkronan -c '\password skolkronan_agare' -c '\password skolkronan_app'
--
-- Filen innehåller inga lösenord och kan köras om. En roll utan lösenord kan inte logga in över nätet.
--
-- skolkronan_agare  äger databasen och tabellerna: kör migrate, backup och restore. Radskyddet binder inte ägaren.
-- skolkronan_app    det som programmet kör som: äger ingenting och ser bara rader i de kommuner som den som frågar har
--                   en roll i. Rättigheterna på varje tabell ges av `python -m core migrate` (core/store/rights.py).

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'skolkronan_agare') THEN
        CREATE ROLE skolkronan_agare;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'skolkronan_app') THEN
        CREATE ROLE skolkronan_app;
    END IF;
END $$;

ALTER ROLE skolkronan_agare LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE skolkronan_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;

-- Ingen annan når databasen. TEMPORARY behövs för stora inläsningar: raderna går genom en tabell som bara
-- transaktionen ser. CREATE (nya tabeller) får ingen mer än ägaren.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO skolkronan_agare', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO skolkronan_app', current_database());
END $$;
ALTER SCHEMA public OWNER TO skolkronan_agare;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO skolkronan_app;
