/** The simulated Odoo's side door: edits as a user makes them, and what was asked of it. */
export interface ErpSide {
  products(): Promise<number[]>
  setPrice(ids: number[], price: number): Promise<void>
  /** Counts a variant in the first warehouse. */
  setStock(variant: number, quantity: number): Promise<void>
  /** Titles by product. */
  titles(): Promise<Map<number, string>>
  /** Per model: how many records were written over its API, and how often the one written most. */
  writes(): Promise<{ [model: string]: { records: number; most: number } }>
}

export const erpSide = (url: string): ErpSide => {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}/simulator/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    })
    if (!answer.ok) {
      throw new Error(`simulator/${path}: ${answer.status} ${await answer.text()}`)
    }
    return answer.json()
  }
  return {
    async products() {
      const call = { op: "call", model: "product.template", method: "search", args: { domain: [] } }
      return (await post("edit", call)) as number[]
    },
    async setPrice(ids, price) {
      const vals = { list_price: price }
      await post("edit", { op: "write", model: "product.template", ids, vals })
    },
    async setStock(variant, quantity) {
      await post("stock", { variant, warehouse: await firstWarehouse(url), quantity })
    },
    async titles() {
      const args = { domain: [], fields: ["name"] }
      const call = { op: "call", model: "product.template", method: "search_read", args }
      const rows = (await post("edit", call)) as { id: number; name: string }[]
      return new Map(rows.map(({ id, name }) => [id, name]))
    },
    async writes() {
      const answer = await fetch(`${url}/simulator/state`)
      const { requests } = (await answer.json()) as {
        requests: { writes: Awaited<ReturnType<ErpSide["writes"]>> }
      }
      return requests.writes
    },
  }
}

const firstWarehouse = async (url: string): Promise<number> => {
  const answer = await fetch(`${url}/simulator/products`)
  const { warehouses } = (await answer.json()) as { warehouses: { id: number }[] }
  const [first] = warehouses
  if (!first) {
    throw new Error("The simulated Odoo has no warehouse")
  }
  return first.id
}
