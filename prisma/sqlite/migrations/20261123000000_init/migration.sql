-- CreateTable
CREATE TABLE "dtrace_scripts" (
    "uuid" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "script" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "metadata" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,
    "changed_in" BIGINT NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "subject" TEXT,
    "permissions_version" INTEGER NOT NULL DEFAULT 1,
    "permissions_reset_version" INTEGER NOT NULL DEFAULT 1,
    "created_at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "roles" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "role_members" (
    "user_id" TEXT NOT NULL,
    "role_id" TEXT NOT NULL,

    PRIMARY KEY ("user_id", "role_id"),
    CONSTRAINT "role_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "role_members_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "user_grants" (
    "user_id" TEXT NOT NULL,
    "permission" TEXT NOT NULL,
    "script_uuid" TEXT,
    "since_version" INTEGER NOT NULL DEFAULT 1,

    PRIMARY KEY ("user_id", "permission"),
    CONSTRAINT "user_grants_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "role_grants" (
    "role_id" TEXT NOT NULL,
    "permission" TEXT NOT NULL,
    "script_uuid" TEXT,

    PRIMARY KEY ("role_id", "permission"),
    CONSTRAINT "role_grants_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "tokens" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "digest" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "label" TEXT,
    "created_at" DATETIME NOT NULL,
    "expires_at" DATETIME,
    "revoked_at" DATETIME,
    CONSTRAINT "tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "audit_events" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "action" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "request_id" TEXT,
    "user_id" TEXT,
    "user_name" TEXT,
    "token_id" TEXT,
    "address" TEXT,
    "permission" TEXT,
    "script_uuid" TEXT,
    "target" TEXT
);

-- CreateIndex
CREATE INDEX "dtrace_scripts_name_uuid_idx" ON "dtrace_scripts"("name", "uuid");

-- CreateIndex
CREATE INDEX "dtrace_scripts_created_at_uuid_idx" ON "dtrace_scripts"("created_at", "uuid");

-- CreateIndex
CREATE INDEX "dtrace_scripts_updated_at_uuid_idx" ON "dtrace_scripts"("updated_at", "uuid");

-- CreateIndex
CREATE INDEX "dtrace_scripts_changed_in_idx" ON "dtrace_scripts"("changed_in");

-- CreateIndex
CREATE UNIQUE INDEX "users_name_key" ON "users"("name");

-- CreateIndex
CREATE UNIQUE INDEX "users_subject_key" ON "users"("subject");

-- CreateIndex
CREATE UNIQUE INDEX "roles_name_key" ON "roles"("name");

-- CreateIndex
CREATE INDEX "role_members_role_id_idx" ON "role_members"("role_id");

-- CreateIndex
CREATE INDEX "user_grants_script_uuid_idx" ON "user_grants"("script_uuid");

-- CreateIndex
CREATE INDEX "user_grants_user_id_since_version_idx" ON "user_grants"("user_id", "since_version");

-- CreateIndex
CREATE INDEX "role_grants_script_uuid_idx" ON "role_grants"("script_uuid");

-- CreateIndex
CREATE UNIQUE INDEX "tokens_digest_key" ON "tokens"("digest");

-- CreateIndex
CREATE INDEX "tokens_user_id_idx" ON "tokens"("user_id");

-- CreateIndex
CREATE INDEX "audit_events_at_id_idx" ON "audit_events"("at", "id");

-- CreateIndex
CREATE INDEX "audit_events_script_uuid_at_id_idx" ON "audit_events"("script_uuid", "at", "id");

-- CreateIndex
CREATE INDEX "audit_events_user_name_at_id_idx" ON "audit_events"("user_name", "at", "id");

-- CreateIndex
CREATE INDEX "audit_events_outcome_at_id_idx" ON "audit_events"("outcome", "at", "id");
