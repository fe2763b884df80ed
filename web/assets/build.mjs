// Builds what the browser gets: web/assets/dist, served from the binary.
//
//   npm ci && node web/assets/build.mjs        (or: make assets)
//
// Fonts are cut to the letters that Arabic and English pages use, the script is
// one bundle, every file carries the hash of its content in its name, and each
// lies there twice: as it is and gzipped. manifest.json tells the program which
// name stands for which file.
import { build, transform } from "esbuild";
import subsetFont from "subset-font";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const modules = join(here, "..", "..", "node_modules");

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join("");

// Arabic letters, tashkeel and Eastern digits, the Persian letters that names
// carry, and joiners; basic Latin with the signs of our typography.
const scripts = {
  arabic: range(0x621, 0x63a) + range(0x640, 0x655) + "،؛؟٪" + range(0x660, 0x669) + "ٱپچژڤگڨی\u200c\u200d\u200e\u200f",
  latin: range(0x20, 0x7e) + "\u00a0«»·×–—‘’“”…−",
};
const features = ["init", "medi", "fina", "isol", "rlig", "calt", "ccmp", "locl", "mark", "mkmk", "kern", "curs", "liga", "lnum", "tnum"];
const weights = [400, 500, 600];

const manifest = {};

async function put(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const dot = name.lastIndexOf(".");
  const file = `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
  await writeFile(join(dist, file), bytes);
  if (!name.endsWith(".woff2")) await writeFile(join(dist, file + ".gz"), gzipSync(bytes, { level: 9 }));
  manifest[name] = file;
  return file;
}

const unicodeRange = (text) => [...new Set([...text].map((c) => "U+" + c.codePointAt(0).toString(16)))].join(",");

async function fontFaces() {
  let faces = "";
  for (const weight of weights) {
    for (const [script, text] of Object.entries(scripts)) {
      const source = join(modules, "@fontsource/ibm-plex-sans-arabic/files", `ibm-plex-sans-arabic-${script}-${weight}-normal.woff2`);
      const font = await subsetFont(await readFile(source), text, { targetFormat: "woff2", noHinting: true, keepFeatures: features });
      const file = await put(`plex-${script}-${weight}.woff2`, font);
      faces += `@font-face{font-family:"IBM Plex Sans Arabic";font-weight:${weight};font-display:swap;src:url("${file}") format("woff2");unicode-range:${unicodeRange(text)}}\n`;
    }
  }
  return faces;
}

async function script() {
  const bundle = await build({
    entryPoints: [join(here, "sanad.js")],
    bundle: true,
    minify: true,
    write: false,
    target: ["es2018"],
    format: "iife",
    legalComments: "none",
    nodePaths: [modules],
  });
  return bundle.outputFiles[0].contents;
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const sheet = (await fontFaces()) + (await readFile(join(here, "sanad.css"), "utf8"));
await put("sanad.css", (await transform(sheet, { loader: "css", minify: true })).code);
await put("sanad.js", await script());
await put("icons.svg", await readFile(join(here, "icons.svg")));
await put("mark.svg", await readFile(join(here, "mark.svg")));
await put("ibm-plex-licence.txt", await readFile(join(modules, "@fontsource/ibm-plex-sans-arabic/LICENSE")));
await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
for (const [name, file] of Object.entries(manifest)) console.log(name.padEnd(24), file);
