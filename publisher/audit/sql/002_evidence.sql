-- The audit store, version 2: proofs that a member broke the protocol (docs/wire.md, "Evidence"). The body convicts by
-- itself; the columns beside it are what the node that wrote it read there.
SET LOCAL search_path = assay;

CREATE TABLE evidence (
  digest      bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
  kind        text NOT NULL,
  epoch       bigint NOT NULL,
  member      int NOT NULL,
  body        bytea NOT NULL CHECK (sha256(body) = digest),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp());

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO schema_version VALUES (2);
