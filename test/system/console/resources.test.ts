import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { TestApi } from '#test/support/api.ts';
import { AREAS } from '../../../console/src/resources/resource.ts';
import { RESOURCES } from '../../../console/src/resources/resources.ts';
import { ConsolePage, NO_BROWSER, openConsole } from './browser.ts';
import { makeWholeBank, type WholeBank } from './every-resource.ts';

const skip = NO_BROWSER;
const opened = skip === false ? await openConsole() : undefined;
const whole = opened === undefined ? undefined : await makeWholeBank(opened.api);

function desk(): { api: TestApi; whole: WholeBank; open: () => Promise<ConsolePage> } {
  assert.ok(opened !== undefined && whole !== undefined);
  const { api, browser } = opened;
  return { api, whole, open: () => ConsolePage.open(browser, api) };
}

/** Lists that stay empty in this bank: nothing of the kind has happened. */
const EMPTY: ReadonlySet<string> = new Set(['executions']);

/** The first resource of each area: all of them take a quarter of an hour, with FLORIN_WHOLE_WALK=on. */
const WHOLE = process.env.FLORIN_WHOLE_WALK === 'on';

for (const area of AREAS)
  test(`${area}: ${WHOLE ? 'every list' : 'a list'}, a record and a form of it can be read by everybody`, {
    skip,
  }, async () => {
    const { api, whole: bank, open } = desk();
    const console = await open();
    await console.logIn(api, area === 'people' || area === 'bank' ? 'admin' : 'manager');
    const walked = RESOURCES.filter((one) => one.area === area).slice(0, WHOLE ? undefined : 1);
    for (const resource of walked) {
      await console.goTo(bank.placeOf(resource));
      await settled(console.page);
      await assertReadable(console.page, `${resource.name}, list or record`);
      if (resource.list !== undefined) {
        const rows = await console.page.locator('main tbody tr').count();
        assert.ok(rows > 0 || EMPTY.has(resource.name), `${resource.name} has a row`);
      }
      await openForm(console, `${resource.name}, form`);
      const toRecord = console.page.locator('main tbody tr').first().locator('td').first().getByRole('link');
      if (resource.record === undefined || resource.list === undefined || (await toRecord.count()) === 0)
        continue;
      await toRecord.click();
      // A transaction is shown by a screen of its own, and no more is to be said of it.
      await console.page
        .locator(resource.screen === undefined ? '.record' : 'main dl')
        .first()
        .waitFor();
      if (resource.related !== undefined)
        await console.page.getByRole('heading', { name: 'What belongs to it' }).waitFor();
      await settled(console.page);
      await assertReadable(console.page, `${resource.name}, record`);
      await openForm(console, `${resource.name}, form of a record`);
    }
    await console.close();
  });

/** Waits until nothing is being loaded. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('alert').count(), 0, (await page.locator('main').textContent()) ?? '');
}

/** Opens the first act that the user may do, looks at it, and closes it. */
async function openForm(console: ConsolePage, what: string): Promise<void> {
  const button = console.page.locator('main .acts button:enabled:not(.quiet)').first();
  if ((await button.count()) === 0 || /Save as/.test((await button.textContent()) ?? '')) return;
  await button.click();
  const dialog = console.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Continue' }).waitFor();
  await assertReadable(console.page, what);
  await console.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds in the light, what it finds about colours in the dark, and what runs out of a narrow page: nothing. */
async function assertReadable(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const axe = new AxeBuilder({ page });
    const { violations } = await (colorScheme === 'light'
      ? axe.withTags(AXE_TAGS)
      : axe.withRules(['color-contrast'])
    ).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    assert.deepEqual(found, [], `${what}, ${colorScheme}`);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  const content = await page.locator('html').evaluate((root) => root.scrollWidth);
  assert.ok(content <= 360, `${what}: nothing runs out of a page 360 wide: ${content}`);
  await page.setViewportSize({ width: 1280, height: 800 });
}
