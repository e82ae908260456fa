import { Client } from "pg"

/**
 * A connection beside the pools, for the few statements that every step of a simulation asks: prepared
 * once, they cost a fraction of what they do when each is made out anew.
 */
export class StepLine {
  private constructor(private readonly client: Client) {}

  static async open(connectionString: string): Promise<StepLine> {
    const client = new Client({ connectionString })
    await client.connect()
    return new StepLine(client)
  }

  /**
   * @param name of the statement; one name always goes with one text
   * @returns what the statement selects: `ask` trusts its caller for that
   */
  async ask<Row extends object>(
    name: string,
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const { rows } = await this.client.query<Row>({ name, text, values })
    return rows
  }

  async close(): Promise<void> {
    await this.client.end()
  }
}
