import { Rules } from "../../../src/sync/rules"
import { Clock } from "../clock"
import { ErpWorld } from "../world/erp-world"
import { History } from "./history"
import { erpFields } from "./sides"

/** Remembers what the ERP holds after each of its commits. */
export const watchErp = (history: History, world: ErpWorld, rules: Rules, clock: Clock): void => {
  /** Every element that a record ever had, with the record. */
  const elements = new Map<string, string>()
  world.onCommit(() => {
    const fields = erpFields(world, rules)
    for (const [key, value] of fields) {
      history.record(key, value, clock.micros, "erp")
      const [, owner] = /^(product\/\d+)\/category:/.exec(key) ?? []
      if (owner) {
        elements.set(key, owner)
      }
    }
    // A record that is refused at the door, or gone, has no new values; an element may be taken out.
    for (const [key, owner] of elements) {
      if (!fields.has(key) && fields.has(`${owner}/title`)) {
        history.record(key, null, clock.micros, "erp")
      }
    }
  })
}
