-- The audit store, version 1: what the committee signed, what was observed, and the same decoded for queries.
-- The bytes are the record; the decoded columns are a courtesy (unsigned 64-bit values saturate at 2^63-1).
-- Rows are only ever added. Whoever owns the tables can still drop the triggers: let the writer be another role.
CREATE SCHEMA IF NOT EXISTS assay;
SET LOCAL search_path = assay;

CREATE TABLE schema_version (version int PRIMARY KEY);
INSERT INTO schema_version VALUES (1);

-- One chain per database.
CREATE TABLE network (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  network_id bytea NOT NULL CHECK (octet_length(network_id) = 32));

CREATE TABLE feeds (
  feed     bytea PRIMARY KEY CHECK (octet_length(feed) = 32),
  symbol   text NOT NULL,
  exponent smallint NOT NULL);

CREATE TABLE batches (
  height        bigint PRIMARY KEY CHECK (height > 0),
  epoch         bigint NOT NULL,
  time_us       bigint NOT NULL,
  hash          bytea NOT NULL CHECK (octet_length(hash) = 32),
  prev_hash     bytea NOT NULL,
  config_digest bytea NOT NULL,
  feed_count    int NOT NULL,
  header        bytea NOT NULL CHECK (octet_length(header) = 272),
  signature     bytea NOT NULL CHECK (octet_length(signature) = 64),
  recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp());

CREATE TABLE leaves (
  height               bigint NOT NULL,
  idx                  int NOT NULL,
  feed                 bytea NOT NULL,
  exponent             smallint NOT NULL,
  status               smallint NOT NULL,
  reasons              int NOT NULL,
  observers            smallint NOT NULL,
  sources              smallint NOT NULL,
  price                bigint NOT NULL,
  bid                  bigint NOT NULL,
  ask                  bigint NOT NULL,
  confidence           bigint NOT NULL,
  ema                  bigint NOT NULL,
  ema_fraction         bigint NOT NULL,
  depth_usd            bigint NOT NULL,
  src_time_us          bigint NOT NULL,
  publish_time_us      bigint NOT NULL,
  prev_publish_time_us bigint NOT NULL,
  valid_until_us       bigint NOT NULL,
  ref_price            bigint NOT NULL,
  run                  smallint NOT NULL,
  leaf                 bytea NOT NULL CHECK (octet_length(leaf) = 140),
  PRIMARY KEY (height, idx));

-- The complete signed observation messages behind each batch, ascending member.
CREATE TABLE observations (
  height       bigint NOT NULL,
  member_order smallint NOT NULL,
  body         bytea NOT NULL,
  PRIMARY KEY (height, member_order));

CREATE VIEW prices AS
  SELECT l.height, f.symbol, l.status, l.reasons,
         l.price * 10::numeric ^ l.exponent AS price,
         l.confidence * 10::numeric ^ l.exponent AS confidence,
         to_timestamp(b.time_us / 1000000.0) AS header_time,
         to_timestamp(l.publish_time_us / 1000000.0) AS publish_time
  FROM leaves l JOIN batches b USING (height) LEFT JOIN feeds f USING (feed);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the audit store is append-only: % on %', TG_OP, TG_TABLE_NAME; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON network FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON batches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON leaves FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON observations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
