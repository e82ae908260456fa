import { Connected, EngineContext } from "./context"

/** Whether images go from this ERP into this store: both can, and the options want it. */
export const takesImages = <Tx>(
  context: Pick<EngineContext<Tx>, "images">,
  { connector, rules }: Pick<Connected, "connector" | "rules">,
): boolean =>
  context.images !== undefined &&
  rules.images !== undefined &&
  connector.image !== undefined &&
  connector.capabilities.streams.includes("images")
