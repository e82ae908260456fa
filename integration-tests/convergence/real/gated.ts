import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { medusaId } from "../../../src/sync/ids"
import { Catalog, Ledger } from "../../../src/engine/ports"
import { RealSession } from "./real-session"
import { RealStore } from "./real-store"

type Tx = Knex.Transaction

/** Calls that write nothing. */
const READS =
  /^(read|find|links|newest|outgoing|unswept|run$|last|cursor|connection|counts?|dirtyDepth|known|approved|now|nextSeq)/

/** Calls that write nothing when they answer with nothing. */
const TAKES = /^(claim|pending)/

const PREFIX = { product: "prod", variant: "variant", category: "pcat" } as const

/** The real ledger, as one worker reaches it. */
export const gatedLedger = ({ ledger }: RealStore, session: RealSession): Ledger<Tx> => ({
  ...gated(ledger, session),
  transaction: (work) => session.within("begin", (body) => ledger.transaction(body), work, true),
  exclusively: (keys, work) =>
    session.within("advisory locks", (body) => ledger.exclusively(keys, body), work, false),
})

/** The real catalog, as one worker reaches it; new ids are the seed's. */
export const gatedCatalog = (
  { catalog }: RealStore,
  session: RealSession,
  nextSeq: () => number,
): Catalog<Tx> => ({
  ...gated(catalog, session),
  newId: (entity) => medusaId(`${PREFIX[entity]}_${String(nextSeq()).padStart(8, "0")}`),
  withInventoryLock: (ids, work) =>
    session.within(
      "inventory locks",
      (body) => catalog.withInventoryLock(ids, () => body(undefined)),
      () => work(),
      false,
    ),
})

/** Every call waits for its turn; one that gets a transaction is part of it. */
const gated = <T extends object>(target: T, session: RealSession): T =>
  new Proxy(target, {
    get(object, name, receiver) {
      const method: unknown = Reflect.get(object, name, receiver)
      return typeof method === "function"
        ? (...given: unknown[]) =>
            session.call(
              String(name),
              (answer) => isQuiet(String(name), given, answer),
              async () => Reflect.apply(method, object, given),
            )
        : method
    },
  })

/** Whether nothing is committed by a call. */
const isQuiet = (name: string, given: unknown[], answer: unknown): boolean =>
  READS.test(name) || (TAKES.test(name) && isNothing(answer)) || given.some(isTransaction)

const isNothing = (answer: unknown): boolean =>
  answer === null || (Array.isArray(answer) && answer.length === 0)

const isTransaction = (value: unknown): boolean =>
  typeof value === "function" && "isTransaction" in value && value.isTransaction === true
