-- Made by the code of release 0.1 (migrations 0001 to 0003). Never edited.

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

-- Name: _sqlx_migrations; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);

-- Name: api_tokens; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.api_tokens (
    id uuid NOT NULL,
    organization uuid NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    hash bytea NOT NULL,
    prefix text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone
);

-- Name: audit_log; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.audit_log (
    id uuid NOT NULL,
    organization uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    action text NOT NULL COLLATE pg_catalog."C",
    project text COLLATE pg_catalog."C",
    environment text COLLATE pg_catalog."C",
    subject_kind text NOT NULL COLLATE pg_catalog."C",
    subject_key text NOT NULL COLLATE pg_catalog."C",
    before jsonb,
    after jsonb,
    comment text
);

-- Name: change_log; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.change_log (
    environment uuid NOT NULL,
    version bigint NOT NULL,
    committed_at_micros bigint NOT NULL,
    changes jsonb NOT NULL
);

-- Name: custom_events; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.custom_events (
    environment uuid NOT NULL,
    event text NOT NULL COLLATE pg_catalog."C",
    targeting_key bytea,
    value double precision,
    at timestamp with time zone NOT NULL
);

-- Name: environments; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.environments (
    id uuid NOT NULL,
    organization uuid NOT NULL,
    project uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    color text NOT NULL,
    production boolean NOT NULL,
    "position" bigint NOT NULL,
    version bigint NOT NULL,
    epoch text NOT NULL,
    edition bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

-- Name: event_batches; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.event_batches (
    environment uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    received_at timestamp with time zone NOT NULL
);

-- Name: event_counts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.event_counts (
    environment uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    event text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    sum double precision NOT NULL
);

-- Name: exposures; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.exposures (
    environment uuid NOT NULL,
    flag text NOT NULL COLLATE pg_catalog."C",
    variation text NOT NULL COLLATE pg_catalog."C",
    targeting_key bytea NOT NULL,
    flag_version bigint NOT NULL,
    first_seen_at timestamp with time zone NOT NULL
);

-- Name: flag_environments; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.flag_environments (
    flag uuid NOT NULL,
    environment uuid NOT NULL,
    enabled boolean NOT NULL,
    off_variation text,
    prerequisites jsonb NOT NULL,
    targets jsonb NOT NULL,
    rules jsonb NOT NULL,
    fallthrough jsonb NOT NULL,
    rule_count bigint NOT NULL,
    target_count bigint NOT NULL,
    version bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

-- Name: flag_usage; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.flag_usage (
    environment uuid NOT NULL,
    flag text NOT NULL COLLATE pg_catalog."C",
    last_evaluated_at timestamp with time zone NOT NULL
);

-- Name: flags; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.flags (
    id uuid NOT NULL,
    project uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    folded_name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    type text NOT NULL,
    variations jsonb NOT NULL,
    tags jsonb NOT NULL,
    client_visible boolean NOT NULL,
    track boolean NOT NULL,
    salt text NOT NULL,
    archived_at timestamp with time zone,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    folded_description text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);

-- Name: idempotency_keys; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.idempotency_keys (
    scope uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    fingerprint bytea NOT NULL,
    status bigint,
    body bytea,
    created_at timestamp with time zone NOT NULL
);

-- Name: memberships; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.memberships (
    organization uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    joined_at timestamp with time zone NOT NULL
);

-- Name: organizations; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.organizations (
    id uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    revision bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

-- Name: projects; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.projects (
    id uuid NOT NULL,
    organization uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    description text NOT NULL,
    version bigint NOT NULL,
    turn bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

-- Name: sdk_keys; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sdk_keys (
    id uuid NOT NULL,
    environment uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    prefix text NOT NULL,
    token text,
    origins jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone
);

-- Name: segments; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.segments (
    id uuid NOT NULL,
    project uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    folded_name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    attribute text NOT NULL,
    included jsonb NOT NULL,
    excluded jsonb NOT NULL,
    condition jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

-- Name: sessions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sessions (
    hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

-- Name: setup_codes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.setup_codes (
    hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);

-- Name: usage_counts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.usage_counts (
    environment uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    flag text NOT NULL COLLATE pg_catalog."C",
    variation text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    flag_version bigint NOT NULL,
    count bigint NOT NULL
);

-- Name: usage_counts_with_day; Type: VIEW; Schema: public; Owner: -

CREATE VIEW public.usage_counts_with_day AS
 SELECT usage_counts.environment,
    usage_counts.hour,
    date_trunc('day'::text, usage_counts.hour, 'UTC'::text) AS day,
    usage_counts.flag,
    usage_counts.variation,
    usage_counts.reason,
    usage_counts.flag_version,
    usage_counts.count
   FROM public.usage_counts;

-- Name: users; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

-- Data for Name: _sqlx_migrations; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public._sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (1, 'spine', '2026-11-29 21:11:06.238088+00', true, '\x455dec051f5279e11fb0ecc38c4cae2038636ea4a9daca1591fd7659fd07c6cb6edf2146ef31807de12d44465dbe243b', 23736788);
INSERT INTO public._sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (2, 'usage', '2026-11-29 21:11:06.262516+00', true, '\x165b40a31be56b1caa0080c3dd85a0258141aee727ae956bef1a4f5d0fc0925074cb32a29a6b9edd7f62cfe8e10bf9f1', 6939223);
INSERT INTO public._sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (3, 'usage reports', '2026-11-29 21:11:06.26966+00', true, '\x959b9d8973b534e8716a4d6793954cac1b5581dad8e732cadcd30b7529deb0bebe956cd55b576d7522f51de0b4fece8f', 3359993);

-- Data for Name: api_tokens; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.api_tokens (id, organization, name, role, hash, prefix, created_at, expires_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d76', '019ca945-0a7b-774b-99e3-dc161ab920d1', 'ci', 'editor', '\x539c4204bb6bb1e3578fd4810eda202cc2735c84b5456f7001aba85a806c55fa', 'pbt_S0WZ9X2V', '2026-03-01 12:00:00.123456+00', '2026-05-30 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00');

-- Data for Name: audit_log; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c69', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'user', '019ca945-0a7b-774b-95c8-0724675325ba', 'Ada', 'organization.created', NULL, NULL, 'organization', 'acme', NULL, '{"key": "acme", "name": "Acme"}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6b', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'project.created', 'shop', NULL, 'project', 'shop', NULL, '{"key": "shop", "name": "Shop", "description": ""}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6d', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'environment.created', 'shop', 'development', 'environment', 'development', NULL, '{"key": "development", "name": "Development", "color": "#3b82f6", "position": 0, "production": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6f', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.created', 'shop', 'development', 'key', 'Default', NULL, '{"id": "019ca945-0a7b-774b-9a5d-85991f426c6e", "kind": "server", "name": "Default", "prefix": "pbs_QtXFfMuY", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c71', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.created', 'shop', 'development', 'key', 'Default', NULL, '{"id": "019ca945-0a7b-774b-9a5d-85991f426c70", "kind": "client", "name": "Default", "prefix": "pbc_6h1Jb0vp", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef86', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'environment.created', 'shop', 'staging', 'environment', 'staging', NULL, '{"key": "staging", "name": "Staging", "color": "#f59e0b", "position": 1, "production": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef88', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.created', 'shop', 'staging', 'key', 'Default', NULL, '{"id": "019ca945-0a7b-774b-9ac9-14b6faffef87", "kind": "server", "name": "Default", "prefix": "pbs_15oPeWAi", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271413', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.created', 'shop', 'staging', 'key', 'Default', NULL, '{"id": "019ca945-0a7b-774b-9d3f-dacfaa271412", "kind": "client", "name": "Default", "prefix": "pbc_0gpFe1Uz", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271415', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'environment.created', 'shop', 'production', 'environment', 'production', NULL, '{"key": "production", "name": "Production", "color": "#ef4444", "position": 2, "production": true}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271417', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.created', 'shop', 'production', 'key', 'Default', NULL, '{"id": "019ca945-0a7b-774b-9d3f-dacfaa271416", "kind": "server", "name": "Default", "prefix": "pbs_Ezl4Is1h", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271419', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.created', 'shop', 'production', 'key', 'Default', NULL, '{"id": "019ca945-0a7b-774b-9d3f-dacfaa271418", "kind": "client", "name": "Default", "prefix": "pbc_NCbJkCv7", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa27141b', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'member.added', NULL, NULL, 'member', 'grace@example.com', NULL, '{"role": "editor"}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d5f', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'organization.created', NULL, NULL, 'organization', 'globex', NULL, '{"key": "globex", "name": "Globex"}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d61', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'project.created', 'site', NULL, 'project', 'site', NULL, '{"key": "site", "name": "Site", "description": "The other tenant"}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d63', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'environment.created', 'site', 'development', 'environment', 'development', NULL, '{"key": "development", "name": "Development", "color": "#3b82f6", "position": 0, "production": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d65', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'key.created', 'site', 'development', 'key', 'Default', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d64", "kind": "server", "name": "Default", "prefix": "pbs_sMYSukzV", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d67', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'key.created', 'site', 'development', 'key', 'Default', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d66", "kind": "client", "name": "Default", "prefix": "pbc_JMIBg7eA", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d69', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'environment.created', 'site', 'staging', 'environment', 'staging', NULL, '{"key": "staging", "name": "Staging", "color": "#f59e0b", "position": 1, "production": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d6b', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'key.created', 'site', 'staging', 'key', 'Default', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d6a", "kind": "server", "name": "Default", "prefix": "pbs_RzbbhIia", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d6d', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'key.created', 'site', 'staging', 'key', 'Default', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d6c", "kind": "client", "name": "Default", "prefix": "pbc_xrxqu8gx", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d6f', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'environment.created', 'site', 'production', 'environment', 'production', NULL, '{"key": "production", "name": "Production", "color": "#ef4444", "position": 2, "production": true}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d71', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'key.created', 'site', 'production', 'key', 'Default', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d70", "kind": "server", "name": "Default", "prefix": "pbs_KjhaYSss", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d73', '019ca945-f4db-774b-8dfd-594540e3bcfb', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'key.created', 'site', 'production', 'key', 'Default', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d72", "kind": "client", "name": "Default", "prefix": "pbc_OoElWcKC", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d75', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'environment.created', 'shop', 'preview', 'environment', 'preview', NULL, '{"key": "preview", "name": "Preview", "color": "#12abef", "position": 3, "production": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d77', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'token.created', NULL, NULL, 'token', 'ci', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d76", "name": "ci", "role": "editor", "prefix": "pbt_S0WZ9X2V"}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d79', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.created', 'shop', 'production', 'key', 'backend', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d78", "kind": "server", "name": "backend", "prefix": "pbs_a_known_", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7b', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.created', 'shop', 'production', 'key', 'web', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d7a", "kind": "client", "name": "web", "prefix": "pbc_a_known_", "origins": ["https://shop.example.com"], "expiresAt": "2026-03-31T12:00:00.123456Z", "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7d', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.created', 'shop', 'staging', 'key', 'leaked', NULL, '{"id": "019ca945-f4db-774b-9ee9-173dd9197d7c", "kind": "server", "name": "leaked", "prefix": "pbs_a_revoke", "origins": [], "expiresAt": null, "revokedAt": null}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7e', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:00:00.123456+00', 'system', NULL, 'test', 'key.revoked', 'shop', 'staging', 'key', 'leaked', '{"id": "019ca945-f4db-774b-9ee9-173dd9197d7c", "kind": "server", "name": "leaked", "prefix": "pbs_a_revoke", "origins": [], "expiresAt": null, "revokedAt": null}', '{"id": "019ca945-f4db-774b-9ee9-173dd9197d7c", "kind": "server", "name": "leaked", "prefix": "pbs_a_revoke", "origins": [], "expiresAt": null, "revokedAt": "2026-03-01T12:00:00.123456Z"}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d82', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'flag.created', 'shop', NULL, 'flag', 'old', NULL, '{"key": "old", "name": "old", "tags": [], "type": "boolean", "track": false, "archived": false, "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}], "description": "", "clientVisible": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d8a', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'segment.created', 'shop', NULL, 'segment', 'nordics', NULL, '{"key": "nordics", "name": "nordics", "when": {"segment": "sweden"}, "excluded": [], "included": [], "attribute": "targetingKey", "description": ""}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9f02-1179a4b44dc2', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'targeting.updated', 'shop', 'staging', 'flag', 'checkout', '{"rules": [], "enabled": false, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}', '{"rules": [], "enabled": true, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d80', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'flag.created', 'shop', NULL, 'flag', 'checkout', NULL, '{"key": "checkout", "name": "checkout", "tags": [], "type": "boolean", "track": false, "archived": false, "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}], "description": "", "clientVisible": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d86', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'flag.created', 'shop', NULL, 'flag', 'limit', NULL, '{"key": "limit", "name": "limit", "tags": [], "type": "number", "track": false, "archived": false, "variations": [{"key": "low", "value": 10}, {"key": "high", "value": 0.1}], "description": "", "clientVisible": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9f02-1179a4b44dc3', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'targeting.updated', 'shop', 'production', 'flag', 'checkout', '{"rules": [], "enabled": true, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}', '{"rules": [], "enabled": false, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9f02-1179a4b44dc6', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'flag.archived', 'shop', NULL, 'flag', 'old', '{"key": "old", "name": "old", "tags": [], "type": "boolean", "track": false, "archived": false, "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}], "description": "", "clientVisible": false}', '{"key": "old", "name": "old", "tags": [], "type": "boolean", "track": false, "archived": true, "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}], "description": "", "clientVisible": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d84', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'flag.created', 'shop', NULL, 'flag', 'deleted', NULL, '{"key": "deleted", "name": "deleted", "tags": [], "type": "boolean", "track": false, "archived": false, "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}], "description": "", "clientVisible": false}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d8c', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'flag.created', 'shop', NULL, 'flag', 'layout', NULL, '{"key": "layout", "name": "Layout of the shop", "tags": ["growth", "ui"], "type": "object", "track": true, "archived": false, "variations": [{"key": "wide", "value": {"tags": ["a", null], "price": 1.5, "columns": 3}}, {"key": "narrow", "value": {"columns": 1}}], "description": "Two\nlines", "clientVisible": true}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9f02-1179a4b44dc5', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'targeting.updated', 'shop', 'production', 'flag', 'layout', '{"rules": [], "enabled": false, "targets": [], "fallthrough": {"variation": "wide"}, "offVariation": "narrow", "prerequisites": []}', '{"rules": [{"id": "nordics", "when": {"all": [{"segment": "nordics"}, {"not": {"any": []}}]}, "serve": {"variation": "wide"}}], "enabled": true, "targets": [{"values": ["ada"], "attribute": "targetingKey", "variation": "wide"}], "fallthrough": {"split": {"by": "targetingKey", "seed": "a seed", "weights": [["wide", 12345], ["narrow", 87655]]}}, "offVariation": "narrow", "prerequisites": [{"flag": "checkout", "variations": ["on"]}]}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d88', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'segment.created', 'shop', NULL, 'segment', 'sweden', NULL, '{"key": "sweden", "name": "sweden", "when": {"op": "in", "negate": false, "values": ["SE", "snö 👻"], "attribute": "/address/country", "ignoreCase": true}, "excluded": ["mallory"], "included": ["ada", "grace"], "attribute": "targetingKey", "description": ""}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9f02-1179a4b44dc1', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'targeting.updated', 'shop', 'production', 'flag', 'checkout', '{"rules": [], "enabled": false, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}', '{"rules": [], "enabled": true, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9f02-1179a4b44dc4', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'targeting.updated', 'shop', 'production', 'flag', 'checkout', '{"rules": [], "enabled": false, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}', '{"rules": [], "enabled": true, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}', NULL);
INSERT INTO public.audit_log (id, organization, at, actor_kind, actor_id, actor_name, action, project, environment, subject_kind, subject_key, before, after, comment) VALUES ('019ca945-f4db-774b-9f02-1179a4b44dc7', '019ca945-0a7b-774b-99e3-dc161ab920d1', '2026-03-01 12:01:00.123456+00', 'user', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'Grace Höpper 👻', 'flag.deleted', 'shop', NULL, 'flag', 'deleted', '{"key": "deleted", "name": "deleted", "tags": [], "type": "boolean", "track": false, "archived": false, "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}], "description": "", "environments": {"preview": {"rules": [], "enabled": false, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}, "staging": {"rules": [], "enabled": false, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}, "production": {"rules": [], "enabled": false, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}, "development": {"rules": [], "enabled": false, "targets": [], "fallthrough": {"variation": "on"}, "offVariation": "off", "prerequisites": []}}, "clientVisible": false}', NULL, NULL);

-- Data for Name: change_log; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', 2, 1772366460132435, '{"putFlags": {"checkout": {"salt": "42MbfTEX3FDQEQrM", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 2, 1772366460133259, '{"putFlags": {"checkout": {"salt": "42MbfTEX3FDQEQrM", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 2, 1772366460133764, '{"putFlags": {"checkout": {"salt": "42MbfTEX3FDQEQrM", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', 2, 1772366460134196, '{"putFlags": {"checkout": {"salt": "42MbfTEX3FDQEQrM", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', 3, 1772366460126356, '{"putFlags": {"old": {"salt": "O3E0YuPHfYQGRDRd", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 3, 1772366460127003, '{"putFlags": {"old": {"salt": "O3E0YuPHfYQGRDRd", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 3, 1772366460127501, '{"putFlags": {"old": {"salt": "O3E0YuPHfYQGRDRd", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', 3, 1772366460127916, '{"putFlags": {"old": {"salt": "O3E0YuPHfYQGRDRd", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', 4, 1772366460139991, '{"putFlags": {"deleted": {"salt": "cQl9O1manCtwDvC4", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 4, 1772366460140736, '{"putFlags": {"deleted": {"salt": "cQl9O1manCtwDvC4", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 4, 1772366460141168, '{"putFlags": {"deleted": {"salt": "cQl9O1manCtwDvC4", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', 4, 1772366460141603, '{"putFlags": {"deleted": {"salt": "cQl9O1manCtwDvC4", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', 5, 1772366460215983, '{"putFlags": {"limit": {"salt": "F56eHGRTePcE5gn3", "type": "number", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"low": 10, "high": 0.1}, "fallthrough": {"variation": "low"}, "offVariation": "high", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 5, 1772366460218236, '{"putFlags": {"limit": {"salt": "F56eHGRTePcE5gn3", "type": "number", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"low": 10, "high": 0.1}, "fallthrough": {"variation": "low"}, "offVariation": "high", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 5, 1772366460236370, '{"putFlags": {"limit": {"salt": "F56eHGRTePcE5gn3", "type": "number", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"low": 10, "high": 0.1}, "fallthrough": {"variation": "low"}, "offVariation": "high", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', 5, 1772366460264243, '{"putFlags": {"limit": {"salt": "F56eHGRTePcE5gn3", "type": "number", "rules": [], "track": false, "enabled": false, "targets": [], "version": 1, "variations": {"low": 10, "high": 0.1}, "fallthrough": {"variation": "low"}, "offVariation": "high", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', 7, 1772366460129288, '{"putFlags": {}, "putSegments": {"nordics": {"when": {"segment": "sweden"}, "version": 1, "excluded": [], "included": [], "attribute": "targetingKey"}}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', 6, 1772366460127964, '{"putFlags": {}, "putSegments": {"sweden": {"when": {"op": "in", "negate": false, "values": ["SE", "snö 👻"], "attribute": "/address/country", "ignoreCase": true}, "version": 1, "excluded": ["mallory"], "included": ["ada", "grace"], "attribute": "targetingKey"}}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 6, 1772366460128673, '{"putFlags": {}, "putSegments": {"sweden": {"when": {"op": "in", "negate": false, "values": ["SE", "snö 👻"], "attribute": "/address/country", "ignoreCase": true}, "version": 1, "excluded": ["mallory"], "included": ["ada", "grace"], "attribute": "targetingKey"}}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 6, 1772366460128887, '{"putFlags": {}, "putSegments": {"sweden": {"when": {"op": "in", "negate": false, "values": ["SE", "snö 👻"], "attribute": "/address/country", "ignoreCase": true}, "version": 1, "excluded": ["mallory"], "included": ["ada", "grace"], "attribute": "targetingKey"}}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', 6, 1772366460129084, '{"putFlags": {}, "putSegments": {"sweden": {"when": {"op": "in", "negate": false, "values": ["SE", "snö 👻"], "attribute": "/address/country", "ignoreCase": true}, "version": 1, "excluded": ["mallory"], "included": ["ada", "grace"], "attribute": "targetingKey"}}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 9, 1772366460130270, '{"putFlags": {"checkout": {"salt": "42MbfTEX3FDQEQrM", "type": "boolean", "rules": [], "track": false, "enabled": true, "targets": [], "version": 2, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 11, 1772366460124951, '{"putFlags": {"checkout": {"salt": "42MbfTEX3FDQEQrM", "type": "boolean", "rules": [], "track": false, "enabled": true, "targets": [], "version": 4, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', 10, 1772366460133427, '{"putFlags": {}, "putSegments": {}, "deletedFlags": ["deleted"], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 11, 1772366460133606, '{"putFlags": {}, "putSegments": {}, "deletedFlags": ["deleted"], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 14, 1772366460133746, '{"putFlags": {}, "putSegments": {}, "deletedFlags": ["deleted"], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', 10, 1772366460133902, '{"putFlags": {}, "putSegments": {}, "deletedFlags": ["deleted"], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 7, 1772366460129516, '{"putFlags": {}, "putSegments": {"nordics": {"when": {"segment": "sweden"}, "version": 1, "excluded": [], "included": [], "attribute": "targetingKey"}}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 7, 1772366460129775, '{"putFlags": {}, "putSegments": {"nordics": {"when": {"segment": "sweden"}, "version": 1, "excluded": [], "included": [], "attribute": "targetingKey"}}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', 7, 1772366460129975, '{"putFlags": {}, "putSegments": {"nordics": {"when": {"segment": "sweden"}, "version": 1, "excluded": [], "included": [], "attribute": "targetingKey"}}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 9, 1772366460139738, '{"putFlags": {"checkout": {"salt": "42MbfTEX3FDQEQrM", "type": "boolean", "rules": [], "track": false, "enabled": true, "targets": [], "version": 2, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', 8, 1772366460125368, '{"putFlags": {"layout": {"salt": "a salt", "type": "object", "rules": [], "track": true, "enabled": false, "targets": [], "version": 1, "variations": {"wide": {"tags": ["a", null], "price": 1.5, "columns": 3}, "narrow": {"columns": 1}}, "fallthrough": {"variation": "wide"}, "offVariation": "narrow", "clientVisible": true, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 8, 1772366460126114, '{"putFlags": {"layout": {"salt": "a salt", "type": "object", "rules": [], "track": true, "enabled": false, "targets": [], "version": 1, "variations": {"wide": {"tags": ["a", null], "price": 1.5, "columns": 3}, "narrow": {"columns": 1}}, "fallthrough": {"variation": "wide"}, "offVariation": "narrow", "clientVisible": true, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 8, 1772366460126530, '{"putFlags": {"layout": {"salt": "a salt", "type": "object", "rules": [], "track": true, "enabled": false, "targets": [], "version": 1, "variations": {"wide": {"tags": ["a", null], "price": 1.5, "columns": 3}, "narrow": {"columns": 1}}, "fallthrough": {"variation": "wide"}, "offVariation": "narrow", "clientVisible": true, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', 8, 1772366460129867, '{"putFlags": {"layout": {"salt": "a salt", "type": "object", "rules": [], "track": true, "enabled": false, "targets": [], "version": 1, "variations": {"wide": {"tags": ["a", null], "price": 1.5, "columns": 3}, "narrow": {"columns": 1}}, "fallthrough": {"variation": "wide"}, "offVariation": "narrow", "clientVisible": true, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 12, 1772366460126867, '{"putFlags": {"layout": {"salt": "a salt", "type": "object", "rules": [{"id": "nordics", "when": {"all": [{"segment": "nordics"}, {"not": {"any": []}}]}, "serve": {"variation": "wide"}}], "track": true, "enabled": true, "targets": [{"values": ["ada"], "attribute": "targetingKey", "variation": "wide"}], "version": 2, "variations": {"wide": {"tags": ["a", null], "price": 1.5, "columns": 3}, "narrow": {"columns": 1}}, "fallthrough": {"split": {"by": "targetingKey", "seed": "a seed", "weights": [["wide", 12345], ["narrow", 87655]]}}, "offVariation": "narrow", "clientVisible": true, "prerequisites": [{"flag": "checkout", "variations": ["on"]}]}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 10, 1772366460125113, '{"putFlags": {"checkout": {"salt": "42MbfTEX3FDQEQrM", "type": "boolean", "rules": [], "track": false, "enabled": false, "targets": [], "version": 3, "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"}, "offVariation": "off", "clientVisible": false, "prerequisites": []}}, "putSegments": {}, "deletedFlags": [], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', 9, 1772366460135443, '{"putFlags": {}, "putSegments": {}, "deletedFlags": ["old"], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 10, 1772366460139953, '{"putFlags": {}, "putSegments": {}, "deletedFlags": ["old"], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 13, 1772366460140280, '{"putFlags": {}, "putSegments": {}, "deletedFlags": ["old"], "deletedSegments": []}');
INSERT INTO public.change_log (environment, version, committed_at_micros, changes) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', 9, 1772366460140596, '{"putFlags": {}, "putSegments": {}, "deletedFlags": ["old"], "deletedSegments": []}');

-- Data for Name: custom_events; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.custom_events (environment, event, targeting_key, value, at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'purchase', '\x552a87b86a3e5454f5478731415102022f66da431d6d5f7d0794685fbeafb2ec', 12.5, '2026-03-01 12:00:00.123456+00');
INSERT INTO public.custom_events (environment, event, targeting_key, value, at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'visit', NULL, NULL, '2026-03-01 12:00:00.123456+00');
INSERT INTO public.custom_events (environment, event, targeting_key, value, at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'purchase', '\x23dc58ca633c5994b5bff93640858c3bf13ae76ae995e046e20d5ff5be2862b6', 12.5, '2026-02-28 23:00:00.123456+00');
INSERT INTO public.custom_events (environment, event, targeting_key, value, at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'visit', NULL, NULL, '2026-02-28 23:00:00.123456+00');
INSERT INTO public.custom_events (environment, event, targeting_key, value, at) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 'purchase', '\x1ac7a9dddd3b941bba48684952816c6017c04f1387e4e2d0373d66031a15a2aa', 12.5, '2026-02-28 10:00:00.123456+00');
INSERT INTO public.custom_events (environment, event, targeting_key, value, at) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 'visit', NULL, NULL, '2026-02-28 10:00:00.123456+00');
INSERT INTO public.custom_events (environment, event, targeting_key, value, at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'purchase', '\x4c422c2ec8bd00f1b801422d7f139cbcde8c43d0cd72093ec6904dffe591d7f4', 12.5, '2026-02-27 21:00:00.123456+00');
INSERT INTO public.custom_events (environment, event, targeting_key, value, at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'visit', NULL, NULL, '2026-02-27 21:00:00.123456+00');

-- Data for Name: environments; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.environments (id, organization, project, key, name, color, production, "position", version, epoch, edition, created_at, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d62', '019ca945-f4db-774b-8dfd-594540e3bcfb', '019ca945-f4db-774b-9ee9-173dd9197d60', 'development', 'Development', '#3b82f6', false, 0, 1, 'eKBhJbMPSfsO', 1, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00');
INSERT INTO public.environments (id, organization, project, key, name, color, production, "position", version, epoch, edition, created_at, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d68', '019ca945-f4db-774b-8dfd-594540e3bcfb', '019ca945-f4db-774b-9ee9-173dd9197d60', 'staging', 'Staging', '#f59e0b', false, 1, 1, 'PkcuiEQtHsdP', 1, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00');
INSERT INTO public.environments (id, organization, project, key, name, color, production, "position", version, epoch, edition, created_at, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d6e', '019ca945-f4db-774b-8dfd-594540e3bcfb', '019ca945-f4db-774b-9ee9-173dd9197d60', 'production', 'Production', '#ef4444', true, 2, 1, 't2fRF5htGtPc', 1, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00');
INSERT INTO public.environments (id, organization, project, key, name, color, production, "position", version, epoch, edition, created_at, updated_at) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', '019ca945-0a7b-774b-99e3-dc161ab920d1', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'staging', 'Staging', '#f59e0b', false, 1, 11, 'VqfgGiIuEyXF', 1, '2026-03-01 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.environments (id, organization, project, key, name, color, production, "position", version, epoch, edition, created_at, updated_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '019ca945-0a7b-774b-99e3-dc161ab920d1', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'production', 'Production', '#ef4444', true, 2, 14, 'pnDx1F7AZiKJ', 1, '2026-03-01 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.environments (id, organization, project, key, name, color, production, "position", version, epoch, edition, created_at, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d74', '019ca945-0a7b-774b-99e3-dc161ab920d1', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'preview', 'Preview', '#12abef', false, 3, 10, 'LYmUY7edhNgx', 1, '2026-03-01 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.environments (id, organization, project, key, name, color, production, "position", version, epoch, edition, created_at, updated_at) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6c', '019ca945-0a7b-774b-99e3-dc161ab920d1', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'development', 'Development', '#3b82f6', false, 0, 10, 'vXcpM5c5w4oA', 1, '2026-03-01 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00');

-- Data for Name: event_batches; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.event_batches (environment, id, received_at) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 'batch-2', '2026-02-28 10:00:00.123456+00');
INSERT INTO public.event_batches (environment, id, received_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'batch-0', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.event_batches (environment, id, received_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'batch-1', '2026-02-28 23:00:00.123456+00');
INSERT INTO public.event_batches (environment, id, received_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'batch-3', '2026-02-27 21:00:00.123456+00');

-- Data for Name: event_counts; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.event_counts (environment, hour, event, count, sum) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', '2026-02-28 10:00:00+00', 'purchase', 1, 12.5);
INSERT INTO public.event_counts (environment, hour, event, count, sum) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', '2026-02-28 10:00:00+00', 'visit', 1, 0);
INSERT INTO public.event_counts (environment, hour, event, count, sum) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-27 21:00:00+00', 'purchase', 1, 12.5);
INSERT INTO public.event_counts (environment, hour, event, count, sum) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-27 21:00:00+00', 'visit', 1, 0);
INSERT INTO public.event_counts (environment, hour, event, count, sum) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-28 23:00:00+00', 'purchase', 1, 12.5);
INSERT INTO public.event_counts (environment, hour, event, count, sum) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-28 23:00:00+00', 'visit', 1, 0);
INSERT INTO public.event_counts (environment, hour, event, count, sum) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-03-01 12:00:00+00', 'purchase', 1, 12.5);
INSERT INTO public.event_counts (environment, hour, event, count, sum) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-03-01 12:00:00+00', 'visit', 1, 0);

-- Data for Name: exposures; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.exposures (environment, flag, variation, targeting_key, flag_version, first_seen_at) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 'layout', 'wide', '\x1ac7a9dddd3b941bba48684952816c6017c04f1387e4e2d0373d66031a15a2aa', 1, '2026-02-28 10:00:00.123456+00');
INSERT INTO public.exposures (environment, flag, variation, targeting_key, flag_version, first_seen_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'layout', 'wide', '\x23dc58ca633c5994b5bff93640858c3bf13ae76ae995e046e20d5ff5be2862b6', 1, '2026-02-28 23:00:00.123456+00');
INSERT INTO public.exposures (environment, flag, variation, targeting_key, flag_version, first_seen_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'layout', 'wide', '\x4c422c2ec8bd00f1b801422d7f139cbcde8c43d0cd72093ec6904dffe591d7f4', 1, '2026-02-27 21:00:00.123456+00');
INSERT INTO public.exposures (environment, flag, variation, targeting_key, flag_version, first_seen_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'layout', 'wide', '\x552a87b86a3e5454f5478731415102022f66da431d6d5f7d0794685fbeafb2ec', 1, '2026-03-01 12:00:00.123456+00');

-- Data for Name: flag_environments; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7f', '019ca945-0a7b-774b-9a5d-85991f426c6c', false, 'off', '[]', '[]', '[]', '{"variation": "on"}', 0, 0, 1, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7f', '019ca945-f4db-774b-9ee9-173dd9197d74', false, 'off', '[]', '[]', '[]', '{"variation": "on"}', 0, 0, 1, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d85', '019ca945-0a7b-774b-9a5d-85991f426c6c', false, 'high', '[]', '[]', '[]', '{"variation": "low"}', 0, 0, 1, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d85', '019ca945-0a7b-774b-9ac9-14b6faffef85', false, 'high', '[]', '[]', '[]', '{"variation": "low"}', 0, 0, 1, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d85', '019ca945-0a7b-774b-9d3f-dacfaa271414', false, 'high', '[]', '[]', '[]', '{"variation": "low"}', 0, 0, 1, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d85', '019ca945-f4db-774b-9ee9-173dd9197d74', false, 'high', '[]', '[]', '[]', '{"variation": "low"}', 0, 0, 1, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d8b', '019ca945-0a7b-774b-9a5d-85991f426c6c', false, 'narrow', '[]', '[]', '[]', '{"variation": "wide"}', 0, 0, 1, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d8b', '019ca945-0a7b-774b-9ac9-14b6faffef85', false, 'narrow', '[]', '[]', '[]', '{"variation": "wide"}', 0, 0, 1, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d8b', '019ca945-f4db-774b-9ee9-173dd9197d74', false, 'narrow', '[]', '[]', '[]', '{"variation": "wide"}', 0, 0, 1, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7f', '019ca945-0a7b-774b-9ac9-14b6faffef85', true, 'off', '[]', '[]', '[]', '{"variation": "on"}', 0, 0, 2, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7f', '019ca945-0a7b-774b-9d3f-dacfaa271414', true, 'off', '[]', '[]', '[]', '{"variation": "on"}', 0, 0, 4, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d8b', '019ca945-0a7b-774b-9d3f-dacfaa271414', true, 'narrow', '[{"flag": "checkout", "variations": ["on"]}]', '[{"values": ["ada"], "attribute": "targetingKey", "variation": "wide"}]', '[{"id": "nordics", "when": {"all": [{"segment": "nordics"}, {"not": {"any": []}}]}, "serve": {"variation": "wide"}}]', '{"split": {"by": "targetingKey", "seed": "a seed", "weights": [["wide", 12345], ["narrow", 87655]]}}', 1, 1, 2, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d81', '019ca945-0a7b-774b-9a5d-85991f426c6c', false, 'off', '[]', '[]', '[]', '{"variation": "on"}', 0, 0, 2, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d81', '019ca945-0a7b-774b-9ac9-14b6faffef85', false, 'off', '[]', '[]', '[]', '{"variation": "on"}', 0, 0, 2, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d81', '019ca945-0a7b-774b-9d3f-dacfaa271414', false, 'off', '[]', '[]', '[]', '{"variation": "on"}', 0, 0, 2, '2026-03-01 12:01:00.123456+00');
INSERT INTO public.flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d81', '019ca945-f4db-774b-9ee9-173dd9197d74', false, 'off', '[]', '[]', '[]', '{"variation": "on"}', 0, 0, 2, '2026-03-01 12:01:00.123456+00');

-- Data for Name: flag_usage; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.flag_usage (environment, flag, last_evaluated_at) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 'checkout', '2026-02-28 10:00:00.123456+00');
INSERT INTO public.flag_usage (environment, flag, last_evaluated_at) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', 'layout', '2026-02-28 10:00:00.123456+00');
INSERT INTO public.flag_usage (environment, flag, last_evaluated_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'checkout', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.flag_usage (environment, flag, last_evaluated_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', 'layout', '2026-03-01 12:00:00.123456+00');

-- Data for Name: flags; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.flags (id, project, key, name, folded_name, description, type, variations, tags, client_visible, track, salt, archived_at, version, created_at, updated_at, folded_description) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7f', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'checkout', 'checkout', 'checkout', '', 'boolean', '[{"key": "on", "value": true}, {"key": "off", "value": false}]', '[]', false, false, '42MbfTEX3FDQEQrM', NULL, 1, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00', '');
INSERT INTO public.flags (id, project, key, name, folded_name, description, type, variations, tags, client_visible, track, salt, archived_at, version, created_at, updated_at, folded_description) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d85', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'limit', 'limit', 'limit', '', 'number', '[{"key": "low", "value": 10}, {"key": "high", "value": 0.1}]', '[]', false, false, 'F56eHGRTePcE5gn3', NULL, 1, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00', '');
INSERT INTO public.flags (id, project, key, name, folded_name, description, type, variations, tags, client_visible, track, salt, archived_at, version, created_at, updated_at, folded_description) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d8b', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'layout', 'Layout of the shop', 'layout of the shop', 'Two
lines', 'object', '[{"key": "wide", "value": {"tags": ["a", null], "price": 1.5, "columns": 3}}, {"key": "narrow", "value": {"columns": 1}}]', '["growth", "ui"]', true, true, 'a salt', NULL, 1, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00', 'two
lines');
INSERT INTO public.flags (id, project, key, name, folded_name, description, type, variations, tags, client_visible, track, salt, archived_at, version, created_at, updated_at, folded_description) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d81', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'old', 'old', 'old', '', 'boolean', '[{"key": "on", "value": true}, {"key": "off", "value": false}]', '[]', false, false, 'O3E0YuPHfYQGRDRd', '2026-03-01 12:01:00.123456+00', 2, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00', '');

-- Data for Name: idempotency_keys; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.idempotency_keys (scope, key, fingerprint, status, body, created_at) VALUES ('00000000-0000-0000-0000-000000000007', 'try-1', '\x0707070707070707070707070707070707070707070707070707070707070707', 201, '\x7b226b6579223a2273686f70227d', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.idempotency_keys (scope, key, fingerprint, status, body, created_at) VALUES ('00000000-0000-0000-0000-000000000007', 'claimed', '\x0707070707070707070707070707070707070707070707070707070707070707', NULL, NULL, '2026-03-01 12:00:00.123456+00');

-- Data for Name: memberships; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.memberships (organization, user_id, role, joined_at) VALUES ('019ca945-0a7b-774b-99e3-dc161ab920d1', '019ca945-0a7b-774b-95c8-0724675325ba', 'owner', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.memberships (organization, user_id, role, joined_at) VALUES ('019ca945-0a7b-774b-99e3-dc161ab920d1', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'editor', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.memberships (organization, user_id, role, joined_at) VALUES ('019ca945-f4db-774b-8dfd-594540e3bcfb', '019ca945-0a7b-774b-9d3f-dacfaa27141a', 'owner', '2026-03-01 12:01:00.123456+00');

-- Data for Name: organizations; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.organizations (id, key, name, revision, created_at, updated_at) VALUES ('019ca945-f4db-774b-8dfd-594540e3bcfb', 'globex', 'Globex', 2, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00');
INSERT INTO public.organizations (id, key, name, revision, created_at, updated_at) VALUES ('019ca945-0a7b-774b-99e3-dc161ab920d1', 'acme', 'Acme', 9, '2026-03-01 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00');

-- Data for Name: projects; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.projects (id, organization, key, name, description, version, turn, created_at, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d60', '019ca945-f4db-774b-8dfd-594540e3bcfb', 'site', 'Site', 'The other tenant', 1, 0, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00');
INSERT INTO public.projects (id, organization, key, name, description, version, turn, created_at, updated_at) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6a', '019ca945-0a7b-774b-99e3-dc161ab920d1', 'shop', 'Shop', '', 1, 10, '2026-03-01 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00');

-- Data for Name: sdk_keys; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c6e', '019ca945-0a7b-774b-9a5d-85991f426c6c', 'server', 'Default', '\x6c0afc17b00419fa4123f37f769f6d8ea49147062e515dfd708dc394f4b91b25', 'pbs_QtXFfMuY', NULL, '[]', 1, '2026-03-01 12:00:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-0a7b-774b-9a5d-85991f426c70', '019ca945-0a7b-774b-9a5d-85991f426c6c', 'client', 'Default', '\x15f36fa6c9cfd990066062b67def211c74cc16aba18b99d03990759846539b92', 'pbc_6h1Jb0vp', 'pbc_6h1Jb0vp2NLR19Sjt3Cj50ast4nIAXkTLjigDjty1Sp', '[]', 1, '2026-03-01 12:00:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef87', '019ca945-0a7b-774b-9ac9-14b6faffef85', 'server', 'Default', '\xf303e5135357a35b2d5e43109476a80c40d8a08cd7d8a4dde3053021958221fe', 'pbs_15oPeWAi', NULL, '[]', 1, '2026-03-01 12:00:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271412', '019ca945-0a7b-774b-9ac9-14b6faffef85', 'client', 'Default', '\x00bc9b2939c6aa2e3023757e5331a23c16df64a32d2c0a5cd6879414cbc4672c', 'pbc_0gpFe1Uz', 'pbc_0gpFe1UzosQZwc3qVcv55Pbf5WV7iBqvUcrvQZefvLR', '[]', 1, '2026-03-01 12:00:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271416', '019ca945-0a7b-774b-9d3f-dacfaa271414', 'server', 'Default', '\x5b4fe5c20152183265f38fd86cf10e9d6df2693586cf0304f4c2d668f7635b89', 'pbs_Ezl4Is1h', NULL, '[]', 1, '2026-03-01 12:00:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271418', '019ca945-0a7b-774b-9d3f-dacfaa271414', 'client', 'Default', '\x7de6246a6791de79da5a9861c0d0c19e4f5ee71dda5d83f481a3f4862e265d1c', 'pbc_NCbJkCv7', 'pbc_NCbJkCv7uOYhDCsDlDnvlOOny0257jzTMzsIPpvISMU', '[]', 1, '2026-03-01 12:00:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d64', '019ca945-f4db-774b-9ee9-173dd9197d62', 'server', 'Default', '\x606e3f88e0b5b10918a018977c211e24e65668c5153fef6c8963fb07c9ecaa08', 'pbs_sMYSukzV', NULL, '[]', 1, '2026-03-01 12:01:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d66', '019ca945-f4db-774b-9ee9-173dd9197d62', 'client', 'Default', '\xb1a566188a3fb9aad10d7ee0694ab7004ea5ae80e3a57f81cc394664038fe7fd', 'pbc_JMIBg7eA', 'pbc_JMIBg7eAxozpjMgpUdHStKbIKizAzO65WVrmY3p2UWs', '[]', 1, '2026-03-01 12:01:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d6a', '019ca945-f4db-774b-9ee9-173dd9197d68', 'server', 'Default', '\xdf9dcd3959d01cb7ddd170de83dd8e0655f5ec4a072c8083f310c1ea55580351', 'pbs_RzbbhIia', NULL, '[]', 1, '2026-03-01 12:01:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d6c', '019ca945-f4db-774b-9ee9-173dd9197d68', 'client', 'Default', '\x4676c23ad357d2224e3e4f5ea4843f18f6c394b73b1e2d36c5d935be63b1fa8f', 'pbc_xrxqu8gx', 'pbc_xrxqu8gxt1aBXiJkCiFvMZz5GlhmYhxsf77NvX3z0ef', '[]', 1, '2026-03-01 12:01:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d70', '019ca945-f4db-774b-9ee9-173dd9197d6e', 'server', 'Default', '\x92582f85310bf41dff01c4a8ba849f7e839fbc44caa233d894779216f70c5d2a', 'pbs_KjhaYSss', NULL, '[]', 1, '2026-03-01 12:01:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d72', '019ca945-f4db-774b-9ee9-173dd9197d6e', 'client', 'Default', '\x829b3de90f506c77fb23ccb7adfe95c7fcfba2a957c20f81de77a65bdeb9b675', 'pbc_OoElWcKC', 'pbc_OoElWcKCbuQxCe4S9hczBCL0icnyvYHX5nhx8faJdpk', '[]', 1, '2026-03-01 12:01:00.123456+00', NULL, NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7a', '019ca945-0a7b-774b-9d3f-dacfaa271414', 'client', 'web', '\x0b16fd1899a74f320efe98293d4711c767b4168a7e4d0ece283461e03ecbacdc', 'pbc_a_known_', 'pbc_a_known_client_key_of_the_fixture', '["https://shop.example.com"]', 1, '2026-03-01 12:00:00.123456+00', '2026-03-31 12:00:00.123456+00', NULL, NULL);
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d78', '019ca945-0a7b-774b-9d3f-dacfaa271414', 'server', 'backend', '\x154fbfdbe16603d54d2c1a31fc5d6f05190429b7e0a980a839acad4a9a05cd6c', 'pbs_a_known_', NULL, '[]', 1, '2026-03-01 12:00:00.123456+00', NULL, NULL, '2026-03-01 12:00:00.123456+00');
INSERT INTO public.sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at, expires_at, revoked_at, last_used_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d7c', '019ca945-0a7b-774b-9ac9-14b6faffef85', 'server', 'leaked', '\xf11605c67012d868203e955421fa07fe26fbebe6a8cee490eb7835d6e6e77cbd', 'pbs_a_revoke', NULL, '[]', 2, '2026-03-01 12:00:00.123456+00', NULL, '2026-03-01 12:00:00.123456+00', NULL);

-- Data for Name: segments; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.segments (id, project, key, name, folded_name, description, attribute, included, excluded, condition, version, created_at, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d87', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'sweden', 'sweden', 'sweden', '', 'targetingKey', '["ada", "grace"]', '["mallory"]', '{"op": "in", "negate": false, "values": ["SE", "snö 👻"], "attribute": "/address/country", "ignoreCase": true}', 1, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00');
INSERT INTO public.segments (id, project, key, name, folded_name, description, attribute, included, excluded, condition, version, created_at, updated_at) VALUES ('019ca945-f4db-774b-9ee9-173dd9197d89', '019ca945-0a7b-774b-9a5d-85991f426c6a', 'nordics', 'nordics', 'nordics', '', 'targetingKey', '[]', '[]', '{"segment": "sweden"}', 1, '2026-03-01 12:01:00.123456+00', '2026-03-01 12:01:00.123456+00');

-- Data for Name: sessions; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.sessions (hash, user_id, created_at, seen_at, expires_at) VALUES ('\x39f763df714e94ec6ecdd300ff5185e854dbc85c392a24fbadee66d432225e5c', '019ca945-0a7b-774b-95c8-0724675325ba', '2026-03-01 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00', '2026-03-08 12:00:00.123456+00');
INSERT INTO public.sessions (hash, user_id, created_at, seen_at, expires_at) VALUES ('\x42bbcdabea40ed7b31188db6ad3478589e9106a47562c70d604bfb21a43b0113', '019ca945-0a7b-774b-9d3f-dacfaa27141a', '2026-02-28 12:00:00.123456+00', '2026-02-28 12:00:00.123456+00', '2026-03-01 13:00:00.123456+00');

-- Data for Name: setup_codes; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.setup_codes (hash, created_at) VALUES ('\x2705d83fa7bc32e9d64fba9ace3e0be62e01af4cd2227ed00e538c8d944b75d6', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.setup_codes (hash, created_at) VALUES ('\xb7d7db12fd2e3e28a86cb12feab71a80646b2af551a49911a931cf11ec8cb76e', '2026-03-01 12:00:00.123456+00');

-- Data for Name: usage_counts; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', '2026-02-28 10:00:00+00', 'checkout', 'on', 'STATIC', 1, 12);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', '2026-02-28 10:00:00+00', 'layout', '', 'ERROR', 0, 1);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9ac9-14b6faffef85', '2026-02-28 10:00:00+00', 'layout', 'wide', 'SPLIT', 1, 7);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-27 21:00:00+00', 'checkout', 'on', 'STATIC', 1, 12);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-27 21:00:00+00', 'layout', '', 'ERROR', 0, 1);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-27 21:00:00+00', 'layout', 'wide', 'SPLIT', 1, 8);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-28 23:00:00+00', 'checkout', 'on', 'STATIC', 1, 12);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-28 23:00:00+00', 'layout', '', 'ERROR', 0, 1);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-02-28 23:00:00+00', 'layout', 'wide', 'SPLIT', 1, 6);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-03-01 12:00:00+00', 'checkout', 'on', 'STATIC', 1, 12);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-03-01 12:00:00+00', 'layout', '', 'ERROR', 0, 1);
INSERT INTO public.usage_counts (environment, hour, flag, variation, reason, flag_version, count) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa271414', '2026-03-01 12:00:00+00', 'layout', 'wide', 'SPLIT', 1, 5);

-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: -

INSERT INTO public.users (id, email, name, password_hash, created_at, updated_at) VALUES ('019ca945-0a7b-774b-95c8-0724675325ba', 'ada@example.com', 'Ada', '$argon2id$not-a-hash', '2026-03-01 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00');
INSERT INTO public.users (id, email, name, password_hash, created_at, updated_at) VALUES ('019ca945-0a7b-774b-9d3f-dacfaa27141a', 'grace@example.com', 'Grace Höpper 👻', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', '2026-03-01 12:00:00.123456+00', '2026-03-01 12:00:00.123456+00');

-- Name: _sqlx_migrations _sqlx_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);

-- Name: api_tokens api_tokens_hash_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_hash_key UNIQUE (hash);

-- Name: api_tokens api_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);

-- Name: audit_log audit_log_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

-- Name: change_log change_log_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.change_log
    ADD CONSTRAINT change_log_pkey PRIMARY KEY (environment, version);

-- Name: environments environments_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_pkey PRIMARY KEY (id);

-- Name: environments environments_project_key_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_project_key_key UNIQUE (project, key);

-- Name: event_batches event_batches_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.event_batches
    ADD CONSTRAINT event_batches_pkey PRIMARY KEY (environment, id);

-- Name: event_counts event_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.event_counts
    ADD CONSTRAINT event_counts_pkey PRIMARY KEY (environment, hour, event);

-- Name: exposures exposures_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.exposures
    ADD CONSTRAINT exposures_pkey PRIMARY KEY (environment, flag, variation, targeting_key);

-- Name: flag_environments flag_environments_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.flag_environments
    ADD CONSTRAINT flag_environments_pkey PRIMARY KEY (flag, environment);

-- Name: flag_usage flag_usage_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.flag_usage
    ADD CONSTRAINT flag_usage_pkey PRIMARY KEY (environment, flag);

-- Name: flags flags_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.flags
    ADD CONSTRAINT flags_pkey PRIMARY KEY (id);

-- Name: flags flags_project_key_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.flags
    ADD CONSTRAINT flags_project_key_key UNIQUE (project, key);

-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key);

-- Name: memberships memberships_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (organization, user_id);

-- Name: organizations organizations_key_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_key_key UNIQUE (key);

-- Name: organizations organizations_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);

-- Name: projects projects_organization_key_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_organization_key_key UNIQUE (organization, key);

-- Name: projects projects_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (id);

-- Name: sdk_keys sdk_keys_hash_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sdk_keys
    ADD CONSTRAINT sdk_keys_hash_key UNIQUE (hash);

-- Name: sdk_keys sdk_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sdk_keys
    ADD CONSTRAINT sdk_keys_pkey PRIMARY KEY (id);

-- Name: segments segments_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.segments
    ADD CONSTRAINT segments_pkey PRIMARY KEY (id);

-- Name: segments segments_project_key_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.segments
    ADD CONSTRAINT segments_project_key_key UNIQUE (project, key);

-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (hash);

-- Name: setup_codes setup_codes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.setup_codes
    ADD CONSTRAINT setup_codes_pkey PRIMARY KEY (hash);

-- Name: usage_counts usage_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.usage_counts
    ADD CONSTRAINT usage_counts_pkey PRIMARY KEY (environment, hour, flag, variation, reason, flag_version);

-- Name: users users_email_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

-- Name: api_tokens_by_organization; Type: INDEX; Schema: public; Owner: -

CREATE INDEX api_tokens_by_organization ON public.api_tokens USING btree (organization);

-- Name: audit_log_by_organization; Type: INDEX; Schema: public; Owner: -

CREATE INDEX audit_log_by_organization ON public.audit_log USING btree (organization, id);

-- Name: audit_log_by_subject; Type: INDEX; Schema: public; Owner: -

CREATE INDEX audit_log_by_subject ON public.audit_log USING btree (organization, project, subject_kind, subject_key, id);

-- Name: custom_events_by_age; Type: INDEX; Schema: public; Owner: -

CREATE INDEX custom_events_by_age ON public.custom_events USING btree (at);

-- Name: custom_events_by_key; Type: INDEX; Schema: public; Owner: -

CREATE INDEX custom_events_by_key ON public.custom_events USING btree (environment, event, targeting_key, at);

-- Name: environments_by_organization; Type: INDEX; Schema: public; Owner: -

CREATE INDEX environments_by_organization ON public.environments USING btree (organization);

-- Name: event_batches_by_age; Type: INDEX; Schema: public; Owner: -

CREATE INDEX event_batches_by_age ON public.event_batches USING btree (received_at);

-- Name: event_counts_by_age; Type: INDEX; Schema: public; Owner: -

CREATE INDEX event_counts_by_age ON public.event_counts USING btree (hour);

-- Name: exposures_by_age; Type: INDEX; Schema: public; Owner: -

CREATE INDEX exposures_by_age ON public.exposures USING btree (first_seen_at);

-- Name: flag_environments_by_environment; Type: INDEX; Schema: public; Owner: -

CREATE INDEX flag_environments_by_environment ON public.flag_environments USING btree (environment);

-- Name: idempotency_keys_by_age; Type: INDEX; Schema: public; Owner: -

CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at);

-- Name: memberships_by_user; Type: INDEX; Schema: public; Owner: -

CREATE INDEX memberships_by_user ON public.memberships USING btree (user_id);

-- Name: sdk_keys_by_environment; Type: INDEX; Schema: public; Owner: -

CREATE INDEX sdk_keys_by_environment ON public.sdk_keys USING btree (environment);

-- Name: sessions_by_expiry; Type: INDEX; Schema: public; Owner: -

CREATE INDEX sessions_by_expiry ON public.sessions USING btree (expires_at);

-- Name: sessions_by_user; Type: INDEX; Schema: public; Owner: -

CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id);

-- Name: usage_counts_by_age; Type: INDEX; Schema: public; Owner: -

CREATE INDEX usage_counts_by_age ON public.usage_counts USING btree (hour);

-- Name: usage_counts_by_flag; Type: INDEX; Schema: public; Owner: -

CREATE INDEX usage_counts_by_flag ON public.usage_counts USING btree (environment, flag, hour);

-- Name: api_tokens api_tokens_organization_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_organization_fkey FOREIGN KEY (organization) REFERENCES public.organizations(id) ON DELETE CASCADE;

-- Name: audit_log audit_log_organization_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_organization_fkey FOREIGN KEY (organization) REFERENCES public.organizations(id) ON DELETE CASCADE;

-- Name: change_log change_log_environment_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.change_log
    ADD CONSTRAINT change_log_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id) ON DELETE CASCADE;

-- Name: custom_events custom_events_environment_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.custom_events
    ADD CONSTRAINT custom_events_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id) ON DELETE CASCADE;

-- Name: environments environments_organization_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_organization_fkey FOREIGN KEY (organization) REFERENCES public.organizations(id) ON DELETE CASCADE;

-- Name: environments environments_project_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.environments
    ADD CONSTRAINT environments_project_fkey FOREIGN KEY (project) REFERENCES public.projects(id) ON DELETE CASCADE;

-- Name: event_batches event_batches_environment_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.event_batches
    ADD CONSTRAINT event_batches_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id) ON DELETE CASCADE;

-- Name: event_counts event_counts_environment_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.event_counts
    ADD CONSTRAINT event_counts_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id) ON DELETE CASCADE;

-- Name: exposures exposures_environment_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.exposures
    ADD CONSTRAINT exposures_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id) ON DELETE CASCADE;

-- Name: flag_environments flag_environments_environment_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.flag_environments
    ADD CONSTRAINT flag_environments_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id) ON DELETE CASCADE;

-- Name: flag_environments flag_environments_flag_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.flag_environments
    ADD CONSTRAINT flag_environments_flag_fkey FOREIGN KEY (flag) REFERENCES public.flags(id) ON DELETE CASCADE;

-- Name: flag_usage flag_usage_environment_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.flag_usage
    ADD CONSTRAINT flag_usage_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id) ON DELETE CASCADE;

-- Name: flags flags_project_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.flags
    ADD CONSTRAINT flags_project_fkey FOREIGN KEY (project) REFERENCES public.projects(id) ON DELETE CASCADE;

-- Name: memberships memberships_organization_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_organization_fkey FOREIGN KEY (organization) REFERENCES public.organizations(id) ON DELETE CASCADE;

-- Name: memberships memberships_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: projects projects_organization_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_organization_fkey FOREIGN KEY (organization) REFERENCES public.organizations(id) ON DELETE CASCADE;

-- Name: sdk_keys sdk_keys_environment_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sdk_keys
    ADD CONSTRAINT sdk_keys_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id) ON DELETE CASCADE;

-- Name: segments segments_project_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.segments
    ADD CONSTRAINT segments_project_fkey FOREIGN KEY (project) REFERENCES public.projects(id) ON DELETE CASCADE;

-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

-- Name: usage_counts usage_counts_environment_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.usage_counts
    ADD CONSTRAINT usage_counts_environment_fkey FOREIGN KEY (environment) REFERENCES public.environments(id) ON DELETE CASCADE;

