import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import type { StoredUser } from '#identity/users/repository.ts';
import type { Role } from '#lib/caller.ts';
import type { CustomerId } from '#lib/ids.ts';
import { loadConsole } from '#serve/console-files.ts';
import { newUser, PASSWORD } from '#test/database/identity/users/staff.ts';
import { openApi, type TestApi } from '#test/support/api.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Why there is no test with a browser here; undefined where there is one. */
export const NO_BROWSER = pathOfBrowser() === undefined && 'no Chromium here: apt-get install chromium';

function pathOfBrowser(): string | undefined {
  const { FLORIN_CHROMIUM: named } = process.env;
  return [named, ...CHROMIUM].find((path) => path !== undefined && existsSync(path));
}

/** More than a page has to be reached. */
const MOST_TABS = 80;

/** The rules of WCAG 2.2, level AA. */
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A bank with its console, and a browser to look at it. Call at the top level of a test file. */
export async function openConsole(): Promise<{ api: TestApi; browser: Browser }> {
  const files = await loadConsole();
  assert.ok(files !== undefined, 'the console is built');
  const api = await openApi({}, { console: files });
  const executablePath = pathOfBrowser();
  assert.ok(executablePath !== undefined);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  after(() => browser.close());
  return { api, browser };
}

/** A page of the console. What it may not do is counted: see assertClean. */
export class ConsolePage {
  readonly page: Page;
  readonly origin: string;
  readonly #faults: string[];
  /** Keys that were pressed since the count began: a letter of a text is one, and a shortcut is one. */
  keystrokes = 0;

  private constructor(page: Page, origin: string, faults: string[]) {
    this.page = page;
    this.origin = origin;
    this.#faults = faults;
  }

  static async open(
    browser: Browser,
    api: TestApi,
    options: BrowserContextOptions = {},
  ): Promise<ConsolePage> {
    const origin = `http://127.0.0.1:${api.port}`;
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      ...options,
    });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // A refusal of the bank is an answer, and the browser notes it.
      const isAnswer = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isAnswer) faults.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) faults.push(`asked elsewhere: ${request.url()}`);
    });
    return new ConsolePage(page, origin, faults);
  }

  /** Logs in as a new user of the role, by keyboard alone; one of the role customer is that of a customer. */
  async logIn(api: TestApi, role: Role, customerId?: CustomerId): Promise<StoredUser> {
    const user = await newUser(api.bank, { role, ...(customerId === undefined ? {} : { customerId }) });
    await this.begin(user.email);
    await this.page.getByRole('banner').waitFor();
    return user;
  }

  /** Sends the login, by keyboard alone; what follows is another matter. */
  async begin(email: string, password: string = PASSWORD): Promise<void> {
    await this.page.goto(`${this.origin}/console/`);
    await this.page.getByRole('textbox').first().focus();
    await this.page.keyboard.type(email);
    await this.page.keyboard.press('Tab');
    await this.page.keyboard.type(password);
    await this.page.keyboard.press('Enter');
  }

  /** A picture of the page for people, where one is asked for: FLORIN_SCREENSHOTS names the folder. */
  async picture(name: string): Promise<void> {
    const { FLORIN_SCREENSHOTS: folder } = process.env;
    if (folder === undefined) return;
    for (const [scheme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await this.page.emulateMedia({ colorScheme: scheme });
      await this.page.setViewportSize({ width, height: 800 });
      await this.page.screenshot({ path: `${folder}/${name}-${width}.png` });
    }
    await this.page.setViewportSize({ width: 1280, height: 800 });
  }

  /** Logs in over the page, which knows who was there. */
  async logInAgain(): Promise<void> {
    await this.page.getByLabel('Password').waitFor();
    await this.page.keyboard.type(PASSWORD);
    await this.page.keyboard.press('Enter');
    await this.page.getByText('Your session has ended').waitFor({ state: 'hidden' });
  }

  /** Goes to an address of the console as a link does: without loading the page again. */
  async goTo(path: string): Promise<void> {
    await this.page.evaluate(`history.pushState(null, '', '/console${path}');
      dispatchEvent(new PopStateEvent('popstate'))`);
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    this.keystrokes += text.length;
    await this.page.keyboard.type(text);
  }

  async press(...keys: readonly string[]): Promise<void> {
    this.keystrokes += keys.length;
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Goes on with Tab, or back, until something has the focus: each of them is a key. */
  async tabTo(wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await wanted.waitFor();
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      if (await wanted.evaluate((element) => element.matches(':focus'))) return;
      await this.press(key);
    }
    assert.fail(`${String(wanted)} is not reached by ${MOST_TABS} tabs`);
  }

  /** What the search shows, best first. */
  get hit(): Locator {
    return this.page.getByRole('listbox').getByRole('option').first();
  }

  /** Waits until the page shows a text. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** What axe finds, light and dark, wide and narrow: nothing. */
  async assertAccessible(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme });
      for (const width of [1280, 360]) {
        await this.page.setViewportSize({ width, height: 800 });
        const { violations } = await new AxeBuilder({ page: this.page }).withTags(AXE_TAGS).analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        assert.deepEqual(found, [], `${colorScheme}, ${width} wide`);
        const content = await this.page.locator('html').evaluate((root) => root.scrollWidth);
        assert.ok(content <= width, `nothing runs out of a page ${width} wide: ${content}`);
      }
    }
    await this.page.setViewportSize({ width: 1280, height: 800 });
  }

  /** No error of a script, no breach of the policy, no request to anywhere else. */
  assertClean(): void {
    assert.deepEqual(this.#faults, []);
  }

  async close(): Promise<void> {
    this.assertClean();
    await this.page.context().close();
  }
}
