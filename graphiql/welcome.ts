/** What the first tab shows. Every operation runs as it stands; the README walks through them. */
export const welcomeQuery = `# Welcome to the DTrace gateway.
#
# 1. Paste your token behind "Bearer ", under Headers below. The server printed the admin's at its first start.
# 2. Press the pink button and choose an operation.
#
# Signed out you can still read the documentation (the book at the top left): it tells which permission each field requires.

# Who you are, and what you may do. Answers null without a token.
query WhoAmI {
  viewer {
    name
    permissions
  }
}

# Every script that you may see.
query ListScripts {
  dtraceScripts {
    uuid
    name
    revision
    metadata
  }
}

# Adds a script. From then on $uuid, under Variables, stands for it.
mutation CreateScript {
  createDtraceScript(
    input: {
      name: "system calls by program"
      script: "syscall:::entry\\n$filter$\\n{ @calls[execname] = count(); }"
      config: { seconds: 10 }
    }
  ) {
    uuid
    dtraceScript {
      name
      revision
    }
  }
}

# Notes who looks after the script $uuid. Then list the scripts once more.
mutation SetMetadata($uuid: UUID!) {
  setDtraceScriptMetadata(uuid: $uuid, path: ["owner", "team"], value: "storage") {
    uuid
    dtraceScript {
      name
      revision
      metadata
    }
  }
}

# One script as a whole.
#
# To see a refusal, add somebody who holds no permission, and put their token under Headers:
#   npx dtrace-gateway users add guest
#   npx dtrace-gateway tokens create guest
# The answer is FORBIDDEN, and says what is missing.
query OneScript($uuid: UUID!) {
  dtraceScript(uuid: $uuid) {
    name
    script
    config
    metadata
    updatedAt
  }
}
`;

/** A script of the samples, until the visitor creates one. */
export const welcomeVariables = `{
  "uuid": "b7c658e0-2ddb-46dd-8973-4a59ffc9957e"
}
`;

/** The headers of a new tab. As long as nothing follows "Bearer", requests go out signed out. */
export const defaultHeaders = `{
  "Authorization": "Bearer "
}
`;
