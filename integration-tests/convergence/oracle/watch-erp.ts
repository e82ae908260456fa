import { FieldValue } from "../../../src/sync/values"
import { Rules } from "../../../src/sync/rules"
import { Clock } from "../clock"
import { erpValue } from "../world/erp-fields"
import { ErpWorld, ErpWrite } from "../world/erp-world"
import { History } from "./history"
import { PushedField } from "./push-oracle"
import { erpFields } from "./sides"

/** Remembers what the ERP holds after each of its commits, and tells of those that are the plugin's. */
export const watchErp = (
  history: History,
  world: ErpWorld,
  rules: Rules,
  clock: Clock,
  pushed: (changed: PushedField[], write: ErpWrite) => void,
): void => {
  /** Every element that a record ever had, with the record. */
  const elements = new Map<string, string>()
  world.onCommit((by) => {
    const changed: PushedField[] = []
    const remember = (key: string, to: FieldValue): void => {
      const before = history.last(key)
      if (history.record(key, to, clock.micros, by.who)) {
        changed.push({ key, before, to })
      }
    }
    const fields = erpFields(world, rules)
    for (const [key, value] of fields) {
      remember(key, value)
      const [, owner] = /^(product\/\d+)\/category:/.exec(key) ?? []
      if (owner) {
        elements.set(key, owner)
      }
    }
    // A record that is refused at the door, or gone, has no new values; an element may be taken out.
    for (const [key, owner] of elements) {
      if (!fields.has(key) && fields.has(`${owner}/title`)) {
        remember(key, null)
      }
    }
    if (by.who === "us") {
      // A record that is refused at the door takes what is written all the same.
      for (const key of by.write.fields.keys()) {
        const [entity = "", id, ...rest] = key.split("/")
        const value = erpValue(world, entity, Number(id), rest.join("/"))
        if (!fields.has(key) && value !== undefined) {
          remember(key, value)
        }
      }
      pushed(changed, by.write)
    }
  })
}
