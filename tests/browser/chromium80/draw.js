// Signs in and opens the overview in Chromium 80; prints as JSON what was drawn and what went wrong.
// Arguments: address of the site, user name, password, where the browser is unpacked, picture to write.
"use strict";

const fs = require("fs");
const path = require("path");
const zlib = require("zlib");
const puppeteer = require("puppeteer-core");

const PACKED = path.join(__dirname, "node_modules/chrome-aws-lambda/bin/chromium.br");
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--single-process", "--no-zygote"];

function unpacked(folder) {
  const browser = path.join(folder, "chromium");
  if (!fs.existsSync(browser)) {
    const partial = `${browser}.${process.pid}`;
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(partial, zlib.brotliDecompressSync(fs.readFileSync(PACKED)), { mode: 0o755 });
    fs.renameSync(partial, browser);
  }
  return browser;
}

function charts() {
  return Array.from(document.querySelectorAll("figure[data-chart]"), (figure) => ({
    id: figure.id,
    bars: figure.querySelectorAll(".barlayer .point path").length,
    cells: figure.querySelectorAll(".heatmaplayer image").length,
    words: Array.from(figure.querySelectorAll(".main-svg text"), (text) => text.textContent),
  }));
}

async function look(browser, [site, username, password, , picture]) {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.setViewport({ width: 1366, height: 768 });
  await page.goto(`${site}/accounts/login/`, { waitUntil: "load" });
  await page.type("[name=username]", username);
  await page.type("[name=password]", password);
  await Promise.all([page.waitForNavigation(), page.click("main form [type=submit]")]);
  await page.goto(`${site}/`, { waitUntil: "load" });
  await page.waitForFunction(
    () => document.querySelectorAll("figure[data-chart] .chart-table:not([open])").length >= 3,
    { timeout: 20000 }
  ).catch((error) => errors.push(`not drawn: ${error.message}`));
  if (picture) {
    await page.screenshot({ path: picture, fullPage: true });
  }
  return { version: await browser.version(), title: await page.title(), errors, charts: await page.evaluate(charts) };
}

async function main() {
  const browser = await puppeteer.launch({ executablePath: unpacked(process.argv[5]), args: FLAGS });
  try {
    console.log(JSON.stringify(await look(browser, process.argv.slice(2))));
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
