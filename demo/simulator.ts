import { join } from "node:path"
import { freePort } from "../scripts/free-port"
import { startProcess } from "./process"

/** The simulated Odoo, seen from the demo. */
export interface Simulator {
  url: string
  database: string
  login: string
  password: string
  apiKey: string
  /** How many requests it has answered so far. */
  requests: () => Promise<number>
  stop: () => Promise<void>
}

type Address = Omit<Simulator, "requests" | "stop">

/** Starts the simulated Odoo; the same number of products gives the same catalog every time. */
export async function startSimulator(options: {
  products: number
  port: number
  log: string
}): Promise<Simulator> {
  const port = await freePort(options.port)
  const odoo = startProcess(
    ["--import", "tsx", join(__dirname, "simulator-process.ts"), `${options.products}`, `${port}`],
    { log: options.log, env: {}, channel: true },
  )
  const receive = <Message>(): Promise<Message> =>
    new Promise((resolve, reject) => {
      odoo.child.once("message", (message) => resolve(message as Message))
      void odoo.ended.then(() =>
        reject(new Error(`The simulated Odoo ended (${options.log}):\n${odoo.logTail()}`)),
      )
    })
  const address = await receive<Address>()
  return {
    ...address,
    requests: async () => {
      const answer = receive<{ requests: number }>()
      odoo.child.send("requests")
      return (await answer).requests
    },
    stop: odoo.stop,
  }
}
