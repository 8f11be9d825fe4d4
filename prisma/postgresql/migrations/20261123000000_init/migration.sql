-- Names and permissions sort and compare by code point ("C"), whatever the server's locale: as SQLite does.

-- CreateTable
CREATE TABLE "dtrace_scripts" (
    "uuid" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "script" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "metadata" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_in" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "dtrace_scripts_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT,
    "permissions_version" INTEGER NOT NULL DEFAULT 1,
    "permissions_reset_version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "roles" (
    "id" UUID NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "roles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "role_members" (
    "user_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "role_members_pkey" PRIMARY KEY ("user_id","role_id")
);

-- CreateTable
CREATE TABLE "user_grants" (
    "user_id" UUID NOT NULL,
    "permission" TEXT COLLATE "C" NOT NULL,
    "script_uuid" UUID,
    "since_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "user_grants_pkey" PRIMARY KEY ("user_id","permission")
);

-- CreateTable
CREATE TABLE "role_grants" (
    "role_id" UUID NOT NULL,
    "permission" TEXT COLLATE "C" NOT NULL,
    "script_uuid" UUID,

    CONSTRAINT "role_grants_pkey" PRIMARY KEY ("role_id","permission")
);

-- CreateTable
CREATE TABLE "tokens" (
    "id" UUID NOT NULL,
    "digest" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "label" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "request_id" TEXT,
    "user_id" UUID,
    "user_name" TEXT COLLATE "C",
    "token_id" UUID,
    "address" TEXT,
    "permission" TEXT,
    "script_uuid" UUID,
    "target" TEXT,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
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
CREATE INDEX "dtrace_scripts_metadata_idx" ON "dtrace_scripts" USING GIN ("metadata" jsonb_path_ops);

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

-- AddForeignKey
ALTER TABLE "role_members" ADD CONSTRAINT "role_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_members" ADD CONSTRAINT "role_members_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_grants" ADD CONSTRAINT "user_grants_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_grants" ADD CONSTRAINT "role_grants_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
