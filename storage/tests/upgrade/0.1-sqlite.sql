-- Made by the code of release 0.1 (migrations 0001 to 0003). Never edited.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES(1,'spine','2026-11-29 21:11:05',1,X'701b10655844cde6c9c3e10a6f9ea71fd71ef6ca8bfe8b8462a770d14f687e15c1b2c56e7949c9477a80af6a20096f11',4371951);
INSERT INTO _sqlx_migrations VALUES(2,'usage','2026-11-29 21:11:05',1,X'10d48fce6137690809fda79ddda9c7b58a89246f90e43218ada789cdf85148c522b6813ccebf92f83d2f726a8daa11ec',2616446);
INSERT INTO _sqlx_migrations VALUES(3,'usage reports','2026-11-29 21:11:05',1,X'4b33c15cb08947c463848c6b5cec0805a1dec394dc88e846e54b55dc340c2dde981f08cc4535d3e88e1770897bb5a1e2',8175194);
CREATE TABLE organizations (
    id BLOB PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
INSERT INTO organizations VALUES(X'019ca9450a7b774b8d14fa254b69eff1','acme','Acme',9,'2026-03-01T12:00:00.123456Z','2026-03-01T12:00:00.123456Z');
INSERT INTO organizations VALUES(X'019ca945f4db774b82e617ad5f6cce52','globex','Globex',2,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z');
CREATE TABLE users (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
INSERT INTO users VALUES(X'019ca9450a7b774b8d14fa254b69eff0','ada@example.com','Ada','$argon2id$not-a-hash','2026-03-01T12:00:00.123456Z','2026-03-01T12:00:00.123456Z');
INSERT INTO users VALUES(X'019ca9450a7b774b9f96accae5c82762','grace@example.com','Grace Höpper 👻','$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA','2026-03-01T12:00:00.123456Z','2026-03-01T12:00:00.123456Z');
CREATE TABLE sessions (
    hash BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
INSERT INTO sessions VALUES(X'e922b1ab8ccee51c9a4b54bd5fd41d10d45b20615d311246b573f4abb1fab41f',X'019ca9450a7b774b8d14fa254b69eff0','2026-03-01T12:00:00.123456Z','2026-03-01T12:00:00.123456Z','2026-03-08T12:00:00.123456Z');
INSERT INTO sessions VALUES(X'e0d49593b975de2f3163dcfbc1cf08ac9da264318a396967535a2119b629d38e',X'019ca9450a7b774b9f96accae5c82762','2026-02-28T12:00:00.123456Z','2026-02-28T12:00:00.123456Z','2026-03-01T13:00:00.123456Z');
CREATE TABLE memberships (
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users ON DELETE CASCADE,
    role TEXT NOT NULL,
    joined_at TEXT NOT NULL,
    PRIMARY KEY (organization, user_id)
) STRICT;
INSERT INTO memberships VALUES(X'019ca9450a7b774b8d14fa254b69eff1',X'019ca9450a7b774b8d14fa254b69eff0','owner','2026-03-01T12:00:00.123456Z');
INSERT INTO memberships VALUES(X'019ca9450a7b774b8d14fa254b69eff1',X'019ca9450a7b774b9f96accae5c82762','editor','2026-03-01T12:00:00.123456Z');
INSERT INTO memberships VALUES(X'019ca945f4db774b82e617ad5f6cce52',X'019ca9450a7b774b9f96accae5c82762','owner','2026-03-01T12:01:00.123456Z');
CREATE TABLE projects (
    id BLOB PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- Locked first, by raising it, by every change that concerns all environments of the project.
    turn INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (organization, key)
) STRICT;
INSERT INTO projects VALUES(X'019ca9450a7b774b8d14fa254b69eff3',X'019ca9450a7b774b8d14fa254b69eff1','shop','Shop','',1,10,'2026-03-01T12:00:00.123456Z','2026-03-01T12:00:00.123456Z');
INSERT INTO projects VALUES(X'019ca945f4db774b9e13c49134eb963e',X'019ca945f4db774b82e617ad5f6cce52','site','Site','The other tenant',1,0,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z');
CREATE TABLE environments (
    id BLOB PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    project BLOB NOT NULL REFERENCES projects ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    production INTEGER NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    edition INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (project, key)
) STRICT;
INSERT INTO environments VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',X'019ca9450a7b774b8d14fa254b69eff1',X'019ca9450a7b774b8d14fa254b69eff3','development','Development','#3b82f6',0,0,10,'xj05GFVRXAh5',1,'2026-03-01T12:00:00.123456Z','2026-03-01T12:00:00.123456Z');
INSERT INTO environments VALUES(X'019ca9450a7b774b9d68354224624c4d',X'019ca9450a7b774b8d14fa254b69eff1',X'019ca9450a7b774b8d14fa254b69eff3','staging','Staging','#f59e0b',0,1,11,'BQ6b1JBcNAHd',1,'2026-03-01T12:00:00.123456Z','2026-03-01T12:00:00.123456Z');
INSERT INTO environments VALUES(X'019ca9450a7b774b9f96accae5c8275c',X'019ca9450a7b774b8d14fa254b69eff1',X'019ca9450a7b774b8d14fa254b69eff3','production','Production','#ef4444',1,2,14,'mARDbCAVGmpR',1,'2026-03-01T12:00:00.123456Z','2026-03-01T12:00:00.123456Z');
INSERT INTO environments VALUES(X'019ca945f4db774b9e13c49134eb9640',X'019ca945f4db774b82e617ad5f6cce52',X'019ca945f4db774b9e13c49134eb963e','development','Development','#3b82f6',0,0,1,'i7PSwD6JK78D',1,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z');
INSERT INTO environments VALUES(X'019ca945f4db774b9e13c49134eb9646',X'019ca945f4db774b82e617ad5f6cce52',X'019ca945f4db774b9e13c49134eb963e','staging','Staging','#f59e0b',0,1,1,'smpnstfMg5yP',1,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z');
INSERT INTO environments VALUES(X'019ca945f4db774b9e13c49134eb964c',X'019ca945f4db774b82e617ad5f6cce52',X'019ca945f4db774b9e13c49134eb963e','production','Production','#ef4444',1,2,1,'H4ovDZoGBV6r',1,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z');
INSERT INTO environments VALUES(X'019ca945f4db774b9e13c49134eb9652',X'019ca9450a7b774b8d14fa254b69eff1',X'019ca9450a7b774b8d14fa254b69eff3','preview','Preview','#12abef',0,3,10,'fc6rsRaUddDf',1,'2026-03-01T12:00:00.123456Z','2026-03-01T12:00:00.123456Z');
CREATE TABLE sdk_keys (
    id BLOB PRIMARY KEY,
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    token TEXT,
    origins TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    last_used_at TEXT
) STRICT;
INSERT INTO sdk_keys VALUES(X'019ca9450a7b774b9a97caf4d3b49262',X'019ca9450a7b774b9a511d9c2a6d9a20','server','Default',X'170395b8c5028788c3303306d74002e1bf7239dacb1e478f6637a040c24dae74','pbs_wjHIQKAM',NULL,'[]',1,'2026-03-01T12:00:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca9450a7b774b9a97caf4d3b49264',X'019ca9450a7b774b9a511d9c2a6d9a20','client','Default',X'03be297b8c12b5f99cb57c96ce9da2040e50a3872d22275b10fe98bd2642e097','pbc_TC04G2IF','pbc_TC04G2IFcw2C6MmLOskr8KiNxnUydkoQYZsDMu4SlNO','[]',1,'2026-03-01T12:00:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca9450a7b774b9f8ca4e95adc7568',X'019ca9450a7b774b9d68354224624c4d','server','Default',X'acdc80f1b578a5333fc98618195a939e14077752d6aa6361b5f67adb5fb957bd','pbs_KayvzDr3',NULL,'[]',1,'2026-03-01T12:00:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca9450a7b774b9f8ca4e95adc756a',X'019ca9450a7b774b9d68354224624c4d','client','Default',X'71edbaa058c54188deff147628b5b2d204f082136f95d2910cfbf6cde745075f','pbc_7pXz1E3Y','pbc_7pXz1E3YAvUj7pSj57LrAXzDHR5E4xMQRnKpeMY1nou','[]',1,'2026-03-01T12:00:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca9450a7b774b9f96accae5c8275e',X'019ca9450a7b774b9f96accae5c8275c','server','Default',X'214225bb6a5f30a625f6dfb2cf71c190b824b43898e322dcf3f8726b420e0545','pbs_wt5qY0Ly',NULL,'[]',1,'2026-03-01T12:00:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca9450a7b774b9f96accae5c82760',X'019ca9450a7b774b9f96accae5c8275c','client','Default',X'810b2461ca1e79f9a4c31c0ebe25a8ca95765a77459782d341452ed5bd872715','pbc_QC8GZJn4','pbc_QC8GZJn4iLfr6dmlvVdbxZNvZPoBkHKsZbz2t7NVkCK','[]',1,'2026-03-01T12:00:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca945f4db774b9e13c49134eb9642',X'019ca945f4db774b9e13c49134eb9640','server','Default',X'0f8acc4efe2dfb284bebbc1ae8b78d3db49b16f93645481898de2e42f2a5adf4','pbs_OtyBfkVv',NULL,'[]',1,'2026-03-01T12:01:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca945f4db774b9e13c49134eb9644',X'019ca945f4db774b9e13c49134eb9640','client','Default',X'69d42d7e5ce6817e7597760933a0ddf541eb862afeb47c33f161691461abd47f','pbc_HTV7HaK8','pbc_HTV7HaK8e0YJxHAbwNWLm00kjlHJoYwoYQloh4lZcsb','[]',1,'2026-03-01T12:01:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca945f4db774b9e13c49134eb9648',X'019ca945f4db774b9e13c49134eb9646','server','Default',X'a62482fbc9449fcc3953a7166aba061c122cff5ec7ae54be18347f85c3dc1a4a','pbs_PWp7mLKW',NULL,'[]',1,'2026-03-01T12:01:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca945f4db774b9e13c49134eb964a',X'019ca945f4db774b9e13c49134eb9646','client','Default',X'e88ae0a47e8a6fad1c19c3b8fc16b42952cc8c597218d5aa028fcf26a2fc048e','pbc_bkCasaL1','pbc_bkCasaL1HUG1vxOrksK2A6UifxQi8d889YVBv5qzTXx','[]',1,'2026-03-01T12:01:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca945f4db774b9e13c49134eb964e',X'019ca945f4db774b9e13c49134eb964c','server','Default',X'f2cfdcffcfd04741e3b9ad71e56e07f4882e3aa2c9212984e694fa38fcea6625','pbs_ItbWGTBQ',NULL,'[]',1,'2026-03-01T12:01:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca945f4db774b9e13c49134eb9650',X'019ca945f4db774b9e13c49134eb964c','client','Default',X'2c2aea1e246ae59b3200a9d0e682fc80c9cf238e12c7b75ae5059f839145e46b','pbc_Wm7MU4WA','pbc_Wm7MU4WA1IMX1WJvZH4CYSONjWi3V1sZigcPeoEmW5n','[]',1,'2026-03-01T12:01:00.123456Z',NULL,NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca945f4db774b9e13c49134eb9656',X'019ca9450a7b774b9f96accae5c8275c','server','backend',X'154fbfdbe16603d54d2c1a31fc5d6f05190429b7e0a980a839acad4a9a05cd6c','pbs_a_known_',NULL,'[]',1,'2026-03-01T12:00:00.123456Z',NULL,NULL,'2026-03-01T12:00:00.123456Z');
INSERT INTO sdk_keys VALUES(X'019ca945f4db774b9e13c49134eb9658',X'019ca9450a7b774b9f96accae5c8275c','client','web',X'0b16fd1899a74f320efe98293d4711c767b4168a7e4d0ece283461e03ecbacdc','pbc_a_known_','pbc_a_known_client_key_of_the_fixture','["https://shop.example.com"]',1,'2026-03-01T12:00:00.123456Z','2026-03-31T12:00:00.123456Z',NULL,NULL);
INSERT INTO sdk_keys VALUES(X'019ca945f4db774b9e13c49134eb965a',X'019ca9450a7b774b9d68354224624c4d','server','leaked',X'f11605c67012d868203e955421fa07fe26fbebe6a8cee490eb7835d6e6e77cbd','pbs_a_revoke',NULL,'[]',2,'2026-03-01T12:00:00.123456Z',NULL,'2026-03-01T12:00:00.123456Z',NULL);
CREATE TABLE api_tokens (
    id BLOB PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    last_used_at TEXT
) STRICT;
INSERT INTO api_tokens VALUES(X'019ca945f4db774b9e13c49134eb9654',X'019ca9450a7b774b8d14fa254b69eff1','ci','editor',X'04570394f315267b9d832cd4a338a4f47a6e0542475a5cc9961c7eea08f54a10','pbt_AHLNcc8f','2026-03-01T12:00:00.123456Z','2026-05-30T12:00:00.123456Z','2026-03-01T12:00:00.123456Z');
CREATE TABLE flags (
    id BLOB PRIMARY KEY,
    project BLOB NOT NULL REFERENCES projects ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The name in lower case, which sorting and searching use.
    folded_name TEXT NOT NULL,
    description TEXT NOT NULL,
    type TEXT NOT NULL,
    variations TEXT NOT NULL,
    tags TEXT NOT NULL,
    client_visible INTEGER NOT NULL,
    track INTEGER NOT NULL,
    salt TEXT NOT NULL,
    archived_at TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL, folded_description TEXT NOT NULL DEFAULT '',
    UNIQUE (project, key)
) STRICT;
INSERT INTO flags VALUES(X'019ca945f4db774b9e13c49134eb965d',X'019ca9450a7b774b8d14fa254b69eff3','checkout','checkout','checkout','','boolean','[{"key":"on","value":true},{"key":"off","value":false}]','[]',0,0,'bJ33bqmr2qfIzVRW',NULL,1,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z','');
INSERT INTO flags VALUES(X'019ca945f4db774b9f5471c3c9767986',X'019ca9450a7b774b8d14fa254b69eff3','old','old','old','','boolean','[{"key":"on","value":true},{"key":"off","value":false}]','[]',0,0,'XUFQPza2fY1h9MwZ','2026-03-01T12:01:00.123456Z',2,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z','');
INSERT INTO flags VALUES(X'019ca945f4db774b9f5471c3c976798a',X'019ca9450a7b774b8d14fa254b69eff3','limit','limit','limit','','number','[{"key":"low","value":10},{"key":"high","value":0.1}]','[]',0,0,'OKazr63pgrBofgTQ',NULL,1,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z','');
INSERT INTO flags VALUES(X'019ca945f4db774b9fc06ab609e1ba19',X'019ca9450a7b774b8d14fa254b69eff3','layout','Layout of the shop','layout of the shop',replace('Two\nlines','\n',char(10)),'object','[{"key":"wide","value":{"columns":3,"price":1.5,"tags":["a",null]}},{"key":"narrow","value":{"columns":1}}]','["growth","ui"]',1,1,'a salt',NULL,1,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z',replace('two\nlines','\n',char(10)));
CREATE TABLE flag_environments (
    flag BLOB NOT NULL REFERENCES flags ON DELETE CASCADE,
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    enabled INTEGER NOT NULL,
    off_variation TEXT,
    prerequisites TEXT NOT NULL,
    targets TEXT NOT NULL,
    rules TEXT NOT NULL,
    fallthrough TEXT NOT NULL,
    rule_count INTEGER NOT NULL,
    target_count INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (flag, environment)
) STRICT;
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9e13c49134eb965d',X'019ca9450a7b774b9a511d9c2a6d9a20',0,'off','[]','[]','[]','{"variation":"on"}',0,0,1,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9e13c49134eb965d',X'019ca9450a7b774b9d68354224624c4d',1,'off','[]','[]','[]','{"variation":"on"}',0,0,2,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9e13c49134eb965d',X'019ca9450a7b774b9f96accae5c8275c',1,'off','[]','[]','[]','{"variation":"on"}',0,0,4,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9e13c49134eb965d',X'019ca945f4db774b9e13c49134eb9652',0,'off','[]','[]','[]','{"variation":"on"}',0,0,1,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9f5471c3c9767986',X'019ca9450a7b774b9a511d9c2a6d9a20',0,'off','[]','[]','[]','{"variation":"on"}',0,0,2,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9f5471c3c9767986',X'019ca9450a7b774b9d68354224624c4d',0,'off','[]','[]','[]','{"variation":"on"}',0,0,2,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9f5471c3c9767986',X'019ca9450a7b774b9f96accae5c8275c',0,'off','[]','[]','[]','{"variation":"on"}',0,0,2,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9f5471c3c9767986',X'019ca945f4db774b9e13c49134eb9652',0,'off','[]','[]','[]','{"variation":"on"}',0,0,2,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9f5471c3c976798a',X'019ca9450a7b774b9a511d9c2a6d9a20',0,'high','[]','[]','[]','{"variation":"low"}',0,0,1,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9f5471c3c976798a',X'019ca9450a7b774b9d68354224624c4d',0,'high','[]','[]','[]','{"variation":"low"}',0,0,1,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9f5471c3c976798a',X'019ca9450a7b774b9f96accae5c8275c',0,'high','[]','[]','[]','{"variation":"low"}',0,0,1,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9f5471c3c976798a',X'019ca945f4db774b9e13c49134eb9652',0,'high','[]','[]','[]','{"variation":"low"}',0,0,1,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9fc06ab609e1ba19',X'019ca9450a7b774b9a511d9c2a6d9a20',0,'narrow','[]','[]','[]','{"variation":"wide"}',0,0,1,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9fc06ab609e1ba19',X'019ca9450a7b774b9d68354224624c4d',0,'narrow','[]','[]','[]','{"variation":"wide"}',0,0,1,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9fc06ab609e1ba19',X'019ca9450a7b774b9f96accae5c8275c',1,'narrow','[{"flag":"checkout","variations":["on"]}]','[{"variation":"wide","attribute":"targetingKey","values":["ada"]}]','[{"id":"nordics","when":{"all":[{"segment":"nordics"},{"not":{"any":[]}}]},"serve":{"variation":"wide"}}]','{"split":{"by":"targetingKey","seed":"a seed","weights":[["wide",12345],["narrow",87655]]}}',1,1,2,'2026-03-01T12:01:00.123456Z');
INSERT INTO flag_environments VALUES(X'019ca945f4db774b9fc06ab609e1ba19',X'019ca945f4db774b9e13c49134eb9652',0,'narrow','[]','[]','[]','{"variation":"wide"}',0,0,1,'2026-03-01T12:01:00.123456Z');
CREATE TABLE segments (
    id BLOB PRIMARY KEY,
    project BLOB NOT NULL REFERENCES projects ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    description TEXT NOT NULL,
    attribute TEXT NOT NULL,
    included TEXT NOT NULL,
    excluded TEXT NOT NULL,
    condition TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (project, key)
) STRICT;
INSERT INTO segments VALUES(X'019ca945f4db774b9f9a8240d3b5d170',X'019ca9450a7b774b8d14fa254b69eff3','sweden','sweden','sweden','','targetingKey','["ada","grace"]','["mallory"]','{"attribute":"/address/country","op":"in","values":["SE","snö 👻"],"negate":false,"ignoreCase":true}',1,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z');
INSERT INTO segments VALUES(X'019ca945f4db774b9f9a8240d3b5d172',X'019ca9450a7b774b8d14fa254b69eff3','nordics','nordics','nordics','','targetingKey','[]','[]','{"segment":"sweden"}',1,'2026-03-01T12:01:00.123456Z','2026-03-01T12:01:00.123456Z');
CREATE TABLE change_log (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    version INTEGER NOT NULL,
    committed_at_micros INTEGER NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (environment, version)
) STRICT;
INSERT INTO change_log VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',2,1772366460124318,'{"putFlags":{"checkout":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"bJ33bqmr2qfIzVRW","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',2,1772366460124455,'{"putFlags":{"checkout":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"bJ33bqmr2qfIzVRW","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',2,1772366460124547,'{"putFlags":{"checkout":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"bJ33bqmr2qfIzVRW","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca945f4db774b9e13c49134eb9652',2,1772366460124631,'{"putFlags":{"checkout":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"bJ33bqmr2qfIzVRW","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',3,1772366460124088,'{"putFlags":{"old":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"XUFQPza2fY1h9MwZ","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',3,1772366460124181,'{"putFlags":{"old":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"XUFQPza2fY1h9MwZ","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',3,1772366460124257,'{"putFlags":{"old":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"XUFQPza2fY1h9MwZ","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca945f4db774b9e13c49134eb9652',3,1772366460124330,'{"putFlags":{"old":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"XUFQPza2fY1h9MwZ","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',4,1772366460124003,'{"putFlags":{"deleted":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"AzLehmeA7tE3wGd3","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',4,1772366460124089,'{"putFlags":{"deleted":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"AzLehmeA7tE3wGd3","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',4,1772366460124164,'{"putFlags":{"deleted":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"AzLehmeA7tE3wGd3","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca945f4db774b9e13c49134eb9652',4,1772366460124236,'{"putFlags":{"deleted":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"AzLehmeA7tE3wGd3","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',5,1772366460123995,'{"putFlags":{"limit":{"type":"number","enabled":false,"variations":{"high":0.1,"low":10},"offVariation":"high","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"low"},"salt":"OKazr63pgrBofgTQ","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',5,1772366460124178,'{"putFlags":{"limit":{"type":"number","enabled":false,"variations":{"high":0.1,"low":10},"offVariation":"high","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"low"},"salt":"OKazr63pgrBofgTQ","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',5,1772366460124278,'{"putFlags":{"limit":{"type":"number","enabled":false,"variations":{"high":0.1,"low":10},"offVariation":"high","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"low"},"salt":"OKazr63pgrBofgTQ","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca945f4db774b9e13c49134eb9652',5,1772366460124355,'{"putFlags":{"limit":{"type":"number","enabled":false,"variations":{"high":0.1,"low":10},"offVariation":"high","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"low"},"salt":"OKazr63pgrBofgTQ","version":1,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',6,1772366460124052,'{"putFlags":{},"deletedFlags":[],"putSegments":{"sweden":{"attribute":"targetingKey","included":["ada","grace"],"excluded":["mallory"],"when":{"attribute":"/address/country","op":"in","values":["SE","snö 👻"],"negate":false,"ignoreCase":true},"version":1}},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',6,1772366460124115,'{"putFlags":{},"deletedFlags":[],"putSegments":{"sweden":{"attribute":"targetingKey","included":["ada","grace"],"excluded":["mallory"],"when":{"attribute":"/address/country","op":"in","values":["SE","snö 👻"],"negate":false,"ignoreCase":true},"version":1}},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',6,1772366460124149,'{"putFlags":{},"deletedFlags":[],"putSegments":{"sweden":{"attribute":"targetingKey","included":["ada","grace"],"excluded":["mallory"],"when":{"attribute":"/address/country","op":"in","values":["SE","snö 👻"],"negate":false,"ignoreCase":true},"version":1}},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca945f4db774b9e13c49134eb9652',6,1772366460124181,'{"putFlags":{},"deletedFlags":[],"putSegments":{"sweden":{"attribute":"targetingKey","included":["ada","grace"],"excluded":["mallory"],"when":{"attribute":"/address/country","op":"in","values":["SE","snö 👻"],"negate":false,"ignoreCase":true},"version":1}},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',7,1772366460125392,'{"putFlags":{},"deletedFlags":[],"putSegments":{"nordics":{"attribute":"targetingKey","included":[],"excluded":[],"when":{"segment":"sweden"},"version":1}},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',7,1772366460125436,'{"putFlags":{},"deletedFlags":[],"putSegments":{"nordics":{"attribute":"targetingKey","included":[],"excluded":[],"when":{"segment":"sweden"},"version":1}},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',7,1772366460125475,'{"putFlags":{},"deletedFlags":[],"putSegments":{"nordics":{"attribute":"targetingKey","included":[],"excluded":[],"when":{"segment":"sweden"},"version":1}},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca945f4db774b9e13c49134eb9652',7,1772366460125505,'{"putFlags":{},"deletedFlags":[],"putSegments":{"nordics":{"attribute":"targetingKey","included":[],"excluded":[],"when":{"segment":"sweden"},"version":1}},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',8,1772366460124191,'{"putFlags":{"layout":{"type":"object","enabled":false,"variations":{"narrow":{"columns":1},"wide":{"columns":3,"price":1.5,"tags":["a",null]}},"offVariation":"narrow","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"wide"},"salt":"a salt","version":1,"clientVisible":true,"track":true}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',8,1772366460124299,'{"putFlags":{"layout":{"type":"object","enabled":false,"variations":{"narrow":{"columns":1},"wide":{"columns":3,"price":1.5,"tags":["a",null]}},"offVariation":"narrow","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"wide"},"salt":"a salt","version":1,"clientVisible":true,"track":true}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',8,1772366460124385,'{"putFlags":{"layout":{"type":"object","enabled":false,"variations":{"narrow":{"columns":1},"wide":{"columns":3,"price":1.5,"tags":["a",null]}},"offVariation":"narrow","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"wide"},"salt":"a salt","version":1,"clientVisible":true,"track":true}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca945f4db774b9e13c49134eb9652',8,1772366460124476,'{"putFlags":{"layout":{"type":"object","enabled":false,"variations":{"narrow":{"columns":1},"wide":{"columns":3,"price":1.5,"tags":["a",null]}},"offVariation":"narrow","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"wide"},"salt":"a salt","version":1,"clientVisible":true,"track":true}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',9,1772366460124211,'{"putFlags":{"checkout":{"type":"boolean","enabled":true,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"bJ33bqmr2qfIzVRW","version":2,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',9,1772366460124097,'{"putFlags":{"checkout":{"type":"boolean","enabled":true,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"bJ33bqmr2qfIzVRW","version":2,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',10,1772366460124047,'{"putFlags":{"checkout":{"type":"boolean","enabled":false,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"bJ33bqmr2qfIzVRW","version":3,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',11,1772366460124049,'{"putFlags":{"checkout":{"type":"boolean","enabled":true,"variations":{"off":false,"on":true},"offVariation":"off","prerequisites":[],"targets":[],"rules":[],"fallthrough":{"variation":"on"},"salt":"bJ33bqmr2qfIzVRW","version":4,"clientVisible":false,"track":false}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',12,1772366460124465,'{"putFlags":{"layout":{"type":"object","enabled":true,"variations":{"narrow":{"columns":1},"wide":{"columns":3,"price":1.5,"tags":["a",null]}},"offVariation":"narrow","prerequisites":[{"flag":"checkout","variations":["on"]}],"targets":[{"variation":"wide","attribute":"targetingKey","values":["ada"]}],"rules":[{"id":"nordics","when":{"all":[{"segment":"nordics"},{"not":{"any":[]}}]},"serve":{"variation":"wide"}}],"fallthrough":{"split":{"by":"targetingKey","seed":"a seed","weights":[["wide",12345],["narrow",87655]]}},"salt":"a salt","version":2,"clientVisible":true,"track":true}},"deletedFlags":[],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',9,1772366460127703,'{"putFlags":{},"deletedFlags":["old"],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',10,1772366460127795,'{"putFlags":{},"deletedFlags":["old"],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',13,1772366460127862,'{"putFlags":{},"deletedFlags":["old"],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca945f4db774b9e13c49134eb9652',9,1772366460127924,'{"putFlags":{},"deletedFlags":["old"],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9a511d9c2a6d9a20',10,1772366460125480,'{"putFlags":{},"deletedFlags":["deleted"],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9d68354224624c4d',11,1772366460125579,'{"putFlags":{},"deletedFlags":["deleted"],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca9450a7b774b9f96accae5c8275c',14,1772366460125628,'{"putFlags":{},"deletedFlags":["deleted"],"putSegments":{},"deletedSegments":[]}');
INSERT INTO change_log VALUES(X'019ca945f4db774b9e13c49134eb9652',10,1772366460125654,'{"putFlags":{},"deletedFlags":["deleted"],"putSegments":{},"deletedSegments":[]}');
CREATE TABLE audit_log (
    id BLOB PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    project TEXT,
    environment TEXT,
    subject_kind TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    before TEXT,
    after TEXT,
    comment TEXT
) STRICT;
INSERT INTO audit_log VALUES(X'019ca9450a7b774b8d14fa254b69eff2',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','user',X'019ca9450a7b774b8d14fa254b69eff0','Ada','organization.created',NULL,NULL,'organization','acme',NULL,'{"key":"acme","name":"Acme"}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b97f842238d2e7029',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','project.created','shop',NULL,'project','shop',NULL,'{"description":"","key":"shop","name":"Shop"}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9a97caf4d3b49261',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','environment.created','shop','development','environment','development',NULL,'{"color":"#3b82f6","key":"development","name":"Development","position":0,"production":false}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9a97caf4d3b49263',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.created','shop','development','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-0a7b-774b-9a97-caf4d3b49262","kind":"server","name":"Default","origins":[],"prefix":"pbs_wjHIQKAM","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9d68354224624c4c',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.created','shop','development','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-0a7b-774b-9a97-caf4d3b49264","kind":"client","name":"Default","origins":[],"prefix":"pbc_TC04G2IF","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9f8ca4e95adc7567',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','environment.created','shop','staging','environment','staging',NULL,'{"color":"#f59e0b","key":"staging","name":"Staging","position":1,"production":false}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9f8ca4e95adc7569',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.created','shop','staging','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-0a7b-774b-9f8c-a4e95adc7568","kind":"server","name":"Default","origins":[],"prefix":"pbs_KayvzDr3","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9f96accae5c8275b',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.created','shop','staging','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-0a7b-774b-9f8c-a4e95adc756a","kind":"client","name":"Default","origins":[],"prefix":"pbc_7pXz1E3Y","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9f96accae5c8275d',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','environment.created','shop','production','environment','production',NULL,'{"color":"#ef4444","key":"production","name":"Production","position":2,"production":true}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9f96accae5c8275f',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.created','shop','production','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-0a7b-774b-9f96-accae5c8275e","kind":"server","name":"Default","origins":[],"prefix":"pbs_wt5qY0Ly","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9f96accae5c82761',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.created','shop','production','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-0a7b-774b-9f96-accae5c82760","kind":"client","name":"Default","origins":[],"prefix":"pbc_QC8GZJn4","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca9450a7b774b9f96accae5c82763',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','member.added',NULL,NULL,'member','grace@example.com',NULL,'{"role":"editor"}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9190eb6b7afe64b7',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','organization.created',NULL,NULL,'organization','globex',NULL,'{"key":"globex","name":"Globex"}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb963f',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','project.created','site',NULL,'project','site',NULL,'{"description":"The other tenant","key":"site","name":"Site"}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9641',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','environment.created','site','development','environment','development',NULL,'{"color":"#3b82f6","key":"development","name":"Development","position":0,"production":false}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9643',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','key.created','site','development','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb9642","kind":"server","name":"Default","origins":[],"prefix":"pbs_OtyBfkVv","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9645',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','key.created','site','development','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb9644","kind":"client","name":"Default","origins":[],"prefix":"pbc_HTV7HaK8","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9647',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','environment.created','site','staging','environment','staging',NULL,'{"color":"#f59e0b","key":"staging","name":"Staging","position":1,"production":false}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9649',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','key.created','site','staging','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb9648","kind":"server","name":"Default","origins":[],"prefix":"pbs_PWp7mLKW","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb964b',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','key.created','site','staging','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb964a","kind":"client","name":"Default","origins":[],"prefix":"pbc_bkCasaL1","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb964d',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','environment.created','site','production','environment','production',NULL,'{"color":"#ef4444","key":"production","name":"Production","position":2,"production":true}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb964f',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','key.created','site','production','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb964e","kind":"server","name":"Default","origins":[],"prefix":"pbs_ItbWGTBQ","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9651',X'019ca945f4db774b82e617ad5f6cce52','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','key.created','site','production','key','Default',NULL,'{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb9650","kind":"client","name":"Default","origins":[],"prefix":"pbc_Wm7MU4WA","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9653',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','environment.created','shop','preview','environment','preview',NULL,'{"color":"#12abef","key":"preview","name":"Preview","position":3,"production":false}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9655',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','token.created',NULL,NULL,'token','ci',NULL,'{"id":"019ca945-f4db-774b-9e13-c49134eb9654","name":"ci","prefix":"pbt_AHLNcc8f","role":"editor"}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9657',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.created','shop','production','key','backend',NULL,'{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb9656","kind":"server","name":"backend","origins":[],"prefix":"pbs_a_known_","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb9659',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.created','shop','production','key','web',NULL,'{"expiresAt":"2026-03-31T12:00:00.123456Z","id":"019ca945-f4db-774b-9e13-c49134eb9658","kind":"client","name":"web","origins":["https://shop.example.com"],"prefix":"pbc_a_known_","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb965b',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.created','shop','staging','key','leaked',NULL,'{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb965a","kind":"server","name":"leaked","origins":[],"prefix":"pbs_a_revoke","revokedAt":null}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9e13c49134eb965c',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:00:00.123456Z','system',NULL,'test','key.revoked','shop','staging','key','leaked','{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb965a","kind":"server","name":"leaked","origins":[],"prefix":"pbs_a_revoke","revokedAt":null}','{"expiresAt":null,"id":"019ca945-f4db-774b-9e13-c49134eb965a","kind":"server","name":"leaked","origins":[],"prefix":"pbs_a_revoke","revokedAt":"2026-03-01T12:00:00.123456Z"}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9f5471c3c9767985',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','flag.created','shop',NULL,'flag','checkout',NULL,'{"archived":false,"clientVisible":false,"description":"","key":"checkout","name":"checkout","tags":[],"track":false,"type":"boolean","variations":[{"key":"on","value":true},{"key":"off","value":false}]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9f5471c3c9767987',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','flag.created','shop',NULL,'flag','old',NULL,'{"archived":false,"clientVisible":false,"description":"","key":"old","name":"old","tags":[],"track":false,"type":"boolean","variations":[{"key":"on","value":true},{"key":"off","value":false}]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9f5471c3c9767989',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','flag.created','shop',NULL,'flag','deleted',NULL,'{"archived":false,"clientVisible":false,"description":"","key":"deleted","name":"deleted","tags":[],"track":false,"type":"boolean","variations":[{"key":"on","value":true},{"key":"off","value":false}]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9f5471c3c976798b',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','flag.created','shop',NULL,'flag','limit',NULL,'{"archived":false,"clientVisible":false,"description":"","key":"limit","name":"limit","tags":[],"track":false,"type":"number","variations":[{"key":"low","value":10},{"key":"high","value":0.1}]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9f9a8240d3b5d171',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','segment.created','shop',NULL,'segment','sweden',NULL,'{"attribute":"targetingKey","description":"","excluded":["mallory"],"included":["ada","grace"],"key":"sweden","name":"sweden","when":{"attribute":"/address/country","ignoreCase":true,"negate":false,"op":"in","values":["SE","snö 👻"]}}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9f9a8240d3b5d173',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','segment.created','shop',NULL,'segment','nordics',NULL,'{"attribute":"targetingKey","description":"","excluded":[],"included":[],"key":"nordics","name":"nordics","when":{"segment":"sweden"}}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9fc06ab609e1ba1a',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','flag.created','shop',NULL,'flag','layout',NULL,'{"archived":false,"clientVisible":true,"description":"Two\nlines","key":"layout","name":"Layout of the shop","tags":["growth","ui"],"track":true,"type":"object","variations":[{"key":"wide","value":{"columns":3,"price":1.5,"tags":["a",null]}},{"key":"narrow","value":{"columns":1}}]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9fc06ab609e1ba1b',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','targeting.updated','shop','production','flag','checkout','{"enabled":false,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]}','{"enabled":true,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9fc06ab609e1ba1c',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','targeting.updated','shop','staging','flag','checkout','{"enabled":false,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]}','{"enabled":true,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9fc06ab609e1ba1d',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','targeting.updated','shop','production','flag','checkout','{"enabled":true,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]}','{"enabled":false,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9fc06ab609e1ba1e',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','targeting.updated','shop','production','flag','checkout','{"enabled":false,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]}','{"enabled":true,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9fc06ab609e1ba1f',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','targeting.updated','shop','production','flag','layout','{"enabled":false,"fallthrough":{"variation":"wide"},"offVariation":"narrow","prerequisites":[],"rules":[],"targets":[]}','{"enabled":true,"fallthrough":{"split":{"by":"targetingKey","seed":"a seed","weights":[["wide",12345],["narrow",87655]]}},"offVariation":"narrow","prerequisites":[{"flag":"checkout","variations":["on"]}],"rules":[{"id":"nordics","serve":{"variation":"wide"},"when":{"all":[{"segment":"nordics"},{"not":{"any":[]}}]}}],"targets":[{"attribute":"targetingKey","values":["ada"],"variation":"wide"}]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9fc06ab609e1ba20',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','flag.archived','shop',NULL,'flag','old','{"archived":false,"clientVisible":false,"description":"","key":"old","name":"old","tags":[],"track":false,"type":"boolean","variations":[{"key":"on","value":true},{"key":"off","value":false}]}','{"archived":true,"clientVisible":false,"description":"","key":"old","name":"old","tags":[],"track":false,"type":"boolean","variations":[{"key":"on","value":true},{"key":"off","value":false}]}',NULL);
INSERT INTO audit_log VALUES(X'019ca945f4db774b9fc06ab609e1ba21',X'019ca9450a7b774b8d14fa254b69eff1','2026-03-01T12:01:00.123456Z','user',X'019ca9450a7b774b9f96accae5c82762','Grace Höpper 👻','flag.deleted','shop',NULL,'flag','deleted','{"archived":false,"clientVisible":false,"description":"","environments":{"development":{"enabled":false,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]},"preview":{"enabled":false,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]},"production":{"enabled":false,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]},"staging":{"enabled":false,"fallthrough":{"variation":"on"},"offVariation":"off","prerequisites":[],"rules":[],"targets":[]}},"key":"deleted","name":"deleted","tags":[],"track":false,"type":"boolean","variations":[{"key":"on","value":true},{"key":"off","value":false}]}',NULL,NULL);
CREATE TABLE idempotency_keys (
    scope BLOB NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER,
    body BLOB,
    created_at TEXT NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;
INSERT INTO idempotency_keys VALUES(X'00000000000000000000000000000007','try-1',X'0707070707070707070707070707070707070707070707070707070707070707',201,X'7b226b6579223a2273686f70227d','2026-03-01T12:00:00.123456Z');
INSERT INTO idempotency_keys VALUES(X'00000000000000000000000000000007','claimed',X'0707070707070707070707070707070707070707070707070707070707070707',NULL,NULL,'2026-03-01T12:00:00.123456Z');
CREATE TABLE setup_codes (
    hash BLOB PRIMARY KEY,
    created_at TEXT NOT NULL
) STRICT;
INSERT INTO setup_codes VALUES(X'2705d83fa7bc32e9d64fba9ace3e0be62e01af4cd2227ed00e538c8d944b75d6','2026-03-01T12:00:00.123456Z');
INSERT INTO setup_codes VALUES(X'b7d7db12fd2e3e28a86cb12feab71a80646b2af551a49911a931cf11ec8cb76e','2026-03-01T12:00:00.123456Z');
CREATE TABLE event_batches (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    id TEXT NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (environment, id)
) STRICT;
INSERT INTO event_batches VALUES(X'019ca9450a7b774b9d68354224624c4d','batch-2','2026-02-28T10:00:00.123456Z');
INSERT INTO event_batches VALUES(X'019ca9450a7b774b9f96accae5c8275c','batch-0','2026-03-01T12:00:00.123456Z');
INSERT INTO event_batches VALUES(X'019ca9450a7b774b9f96accae5c8275c','batch-1','2026-02-28T23:00:00.123456Z');
INSERT INTO event_batches VALUES(X'019ca9450a7b774b9f96accae5c8275c','batch-3','2026-02-27T21:00:00.123456Z');
CREATE TABLE usage_counts (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    hour TEXT NOT NULL,
    flag TEXT NOT NULL,
    variation TEXT NOT NULL,
    reason TEXT NOT NULL,
    flag_version INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (environment, hour, flag, variation, reason, flag_version)
) STRICT;
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9d68354224624c4d','2026-02-28T10:00:00.000000Z','checkout','on','STATIC',1,12);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9d68354224624c4d','2026-02-28T10:00:00.000000Z','layout','','ERROR',0,1);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9d68354224624c4d','2026-02-28T10:00:00.000000Z','layout','wide','SPLIT',1,7);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-27T21:00:00.000000Z','checkout','on','STATIC',1,12);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-27T21:00:00.000000Z','layout','','ERROR',0,1);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-27T21:00:00.000000Z','layout','wide','SPLIT',1,8);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-28T23:00:00.000000Z','checkout','on','STATIC',1,12);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-28T23:00:00.000000Z','layout','','ERROR',0,1);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-28T23:00:00.000000Z','layout','wide','SPLIT',1,6);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-03-01T12:00:00.000000Z','checkout','on','STATIC',1,12);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-03-01T12:00:00.000000Z','layout','','ERROR',0,1);
INSERT INTO usage_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-03-01T12:00:00.000000Z','layout','wide','SPLIT',1,5);
CREATE TABLE exposures (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT NOT NULL,
    variation TEXT NOT NULL,
    targeting_key BLOB NOT NULL,
    flag_version INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    PRIMARY KEY (environment, flag, variation, targeting_key)
) STRICT;
INSERT INTO exposures VALUES(X'019ca9450a7b774b9d68354224624c4d','layout','wide',X'e7365cdacee3ee1d202e20b6905877ebf6deae3c96d446bf178458a33c26da70',1,'2026-02-28T10:00:00.123456Z');
INSERT INTO exposures VALUES(X'019ca9450a7b774b9f96accae5c8275c','layout','wide',X'6dd66b5286c007fa1c188218efb5945e57686f6649b396a246880c741012cdb4',1,'2026-02-28T23:00:00.123456Z');
INSERT INTO exposures VALUES(X'019ca9450a7b774b9f96accae5c8275c','layout','wide',X'8fe33065083a705cb3ec35bffe9f5f13e82411f76af578542d4fe1fbfb9dbbc1',1,'2026-03-01T12:00:00.123456Z');
INSERT INTO exposures VALUES(X'019ca9450a7b774b9f96accae5c8275c','layout','wide',X'9ea28e1ff2001ddfdef8e008f57f66788e7730354befa5b379b90f620f851a04',1,'2026-02-27T21:00:00.123456Z');
CREATE TABLE event_counts (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    hour TEXT NOT NULL,
    event TEXT NOT NULL,
    count INTEGER NOT NULL,
    sum REAL NOT NULL,
    PRIMARY KEY (environment, hour, event)
) STRICT;
INSERT INTO event_counts VALUES(X'019ca9450a7b774b9d68354224624c4d','2026-02-28T10:00:00.000000Z','purchase',1,12.5);
INSERT INTO event_counts VALUES(X'019ca9450a7b774b9d68354224624c4d','2026-02-28T10:00:00.000000Z','visit',1,0.0);
INSERT INTO event_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-27T21:00:00.000000Z','purchase',1,12.5);
INSERT INTO event_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-27T21:00:00.000000Z','visit',1,0.0);
INSERT INTO event_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-28T23:00:00.000000Z','purchase',1,12.5);
INSERT INTO event_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-02-28T23:00:00.000000Z','visit',1,0.0);
INSERT INTO event_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-03-01T12:00:00.000000Z','purchase',1,12.5);
INSERT INTO event_counts VALUES(X'019ca9450a7b774b9f96accae5c8275c','2026-03-01T12:00:00.000000Z','visit',1,0.0);
CREATE TABLE custom_events (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    event TEXT NOT NULL,
    targeting_key BLOB,
    value REAL,
    at TEXT NOT NULL
) STRICT;
INSERT INTO custom_events VALUES(X'019ca9450a7b774b9f96accae5c8275c','purchase',X'8fe33065083a705cb3ec35bffe9f5f13e82411f76af578542d4fe1fbfb9dbbc1',12.5,'2026-03-01T12:00:00.123456Z');
INSERT INTO custom_events VALUES(X'019ca9450a7b774b9f96accae5c8275c','visit',NULL,NULL,'2026-03-01T12:00:00.123456Z');
INSERT INTO custom_events VALUES(X'019ca9450a7b774b9f96accae5c8275c','purchase',X'6dd66b5286c007fa1c188218efb5945e57686f6649b396a246880c741012cdb4',12.5,'2026-02-28T23:00:00.123456Z');
INSERT INTO custom_events VALUES(X'019ca9450a7b774b9f96accae5c8275c','visit',NULL,NULL,'2026-02-28T23:00:00.123456Z');
INSERT INTO custom_events VALUES(X'019ca9450a7b774b9d68354224624c4d','purchase',X'e7365cdacee3ee1d202e20b6905877ebf6deae3c96d446bf178458a33c26da70',12.5,'2026-02-28T10:00:00.123456Z');
INSERT INTO custom_events VALUES(X'019ca9450a7b774b9d68354224624c4d','visit',NULL,NULL,'2026-02-28T10:00:00.123456Z');
INSERT INTO custom_events VALUES(X'019ca9450a7b774b9f96accae5c8275c','purchase',X'9ea28e1ff2001ddfdef8e008f57f66788e7730354befa5b379b90f620f851a04',12.5,'2026-02-27T21:00:00.123456Z');
INSERT INTO custom_events VALUES(X'019ca9450a7b774b9f96accae5c8275c','visit',NULL,NULL,'2026-02-27T21:00:00.123456Z');
CREATE TABLE flag_usage (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT NOT NULL,
    last_evaluated_at TEXT NOT NULL,
    PRIMARY KEY (environment, flag)
) STRICT;
INSERT INTO flag_usage VALUES(X'019ca9450a7b774b9d68354224624c4d','checkout','2026-02-28T10:00:00.123456Z');
INSERT INTO flag_usage VALUES(X'019ca9450a7b774b9d68354224624c4d','layout','2026-02-28T10:00:00.123456Z');
INSERT INTO flag_usage VALUES(X'019ca9450a7b774b9f96accae5c8275c','checkout','2026-03-01T12:00:00.123456Z');
INSERT INTO flag_usage VALUES(X'019ca9450a7b774b9f96accae5c8275c','layout','2026-03-01T12:00:00.123456Z');
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX memberships_by_user ON memberships (user_id);
CREATE INDEX environments_by_organization ON environments (organization);
CREATE INDEX sdk_keys_by_environment ON sdk_keys (environment);
CREATE INDEX api_tokens_by_organization ON api_tokens (organization);
CREATE INDEX flag_environments_by_environment ON flag_environments (environment);
CREATE INDEX audit_log_by_organization ON audit_log (organization, id);
CREATE INDEX audit_log_by_subject ON audit_log (organization, project, subject_kind, subject_key, id);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX event_batches_by_age ON event_batches (received_at);
CREATE INDEX usage_counts_by_flag ON usage_counts (environment, flag, hour);
CREATE INDEX usage_counts_by_age ON usage_counts (hour);
CREATE INDEX exposures_by_age ON exposures (first_seen_at);
CREATE INDEX event_counts_by_age ON event_counts (hour);
CREATE INDEX custom_events_by_age ON custom_events (at);
CREATE VIEW usage_counts_with_day AS
    SELECT environment, hour, substr(hour, 1, 10) || 'T00:00:00.000000Z' AS day, flag, variation, reason, flag_version, count
    FROM usage_counts;
CREATE INDEX custom_events_by_key ON custom_events (environment, event, targeting_key, at);
COMMIT;
