import { Defect } from "../defect"

export const d13: Defect = {
  id: "D13",
  mechanism: "a retry replays a stored payload over a newer value",
  breaks: ["I1", "I2", "I3", "I5", "I8"],
  start: 11,
  seeds: 60,
  edits: [
    {
      file: "src/engine/dirty.ts",
      find: `const LEASE_MS = 30_000`,
      replace: `const payloads = new WeakMap<Connector, Map<string, ReadResult>>()
const LEASE_MS = 30_000`,
    },
    {
      file: "src/engine/dirty.ts",
      find: `import { Lane } from "../connectors/contract"`,
      replace: `import { Connector, Lane, ReadResult } from "../connectors/contract"`,
    },
    {
      file: "src/engine/dirty.ts",
      find: `    const result = await connected.connector.read(stream, ids, { lane, signal })`,
      replace: `    const payload = stream + ids.join()
    const kept = payloads.get(connected.connector) ?? new Map<string, ReadResult>()
    payloads.set(connected.connector, kept)
    const result =
      kept.get(payload) ?? (await connected.connector.read(stream, ids, { lane, signal }))
    kept.set(payload, result)`,
    },
    {
      file: "src/engine/dirty.ts",
      find: `      context.ledger.finishDirty(tx, connected.id, keys, context.owner),
    )
  } catch`,
      replace: `      context.ledger.finishDirty(tx, connected.id, keys, context.owner),
    )
    kept.delete(payload)
  } catch`,
    },
  ],
}
