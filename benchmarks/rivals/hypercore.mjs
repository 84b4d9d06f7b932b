// A hypercore (a signed append-only log), one block for each line on standard input: node hypercore.mjs FOLDER SIZE
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import Hypercore from 'hypercore'

const [folder, size] = process.argv.slice(2)
const core = new Hypercore(`${folder}/core`)
await core.ready()
const block = randomBytes(Number(size))
console.log(JSON.stringify({ cpu: 0, wall: 0 }))

for await (const _ of createInterface({ input: process.stdin })) {
  const wall = process.hrtime.bigint()
  const before = process.cpuUsage()
  await core.append(block)
  const took = process.cpuUsage(before)
  console.log(JSON.stringify({
    cpu: (took.user + took.system) / 1e6,
    wall: Number(process.hrtime.bigint() - wall) / 1e9
  }))
}
await core.close()
