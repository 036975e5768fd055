import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { defineConfig } from 'vite'

/** What is smaller is not worth a second file. */
const LEAST_BYTES = 1024
const PACKS_WELL = /\.(js|css|html|svg)$/

export default defineConfig({
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: {
    proxy: { '/api': { target: process.env.KAV_ADMIN ?? 'http://127.0.0.1:9080', ws: true } },
  },
  build: {
    target: 'es2023',
    // The page's policy takes nothing from data: but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licences-of-others.md' },
  },
  plugins: [packedBeside()],
})

/** So that the server sends packed files and packs none. */
function packedBeside() {
  let folder = ''
  return {
    name: 'packed-beside',
    apply: 'build',
    configResolved: ({ root, build }) => void (folder = resolve(root, build.outDir)),
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true })) {
        const file = join(folder, name)
        if (!PACKS_WELL.test(file) || statSync(file).size < LEAST_BYTES) continue
        const bytes = readFileSync(file)
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
        const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 }
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: quality }))
      }
    },
  }
}
