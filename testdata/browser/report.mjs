// Drives a real browser over pages that the Go test has written, and prints
// what it found as lines of JSON: {name, fault} for a check, {figure} for a
// measurement. Arguments: the folder of the pages, the folder of the modules,
// the browser.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const [, , pages, modules, executablePath] = process.argv;
const require = createRequire(join(modules, 'index.js'));
const {chromium} = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const say = object => console.log(JSON.stringify(object));
const url = name => pathToFileURL(join(pages, name)).href;
function want(what, got, wanted) {
  const a = JSON.stringify(got), b = JSON.stringify(wanted);
  if (a !== b) throw new Error(`${what}: ${a.slice(0, 500)}, want ${b.slice(0, 500)}`);
}

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// check opens a page and calls body with it. Whatever the page complains about,
// asks the network for or pops up is a fault too, unless the test is about that.
async function check(name, file, {complains, ...options}, body) {
  if (process.env.BROWSER_ONLY && !name.includes(process.env.BROWSER_ONLY)) return;
  let fault = '';
  const start = Date.now();
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // spent only when something is wrong
  page.setDefaultTimeout(20000);
  const complaints = [];
  page.on('console', m => { if (['error', 'warning'].includes(m.type())) complaints.push(m.text()); });
  page.on('pageerror', e => complaints.push(e.message));
  page.on('dialog', d => { complaints.push('a dialog: ' + d.message()); d.dismiss(); });
  page.on('request', r => { if (!r.url().startsWith('data:') && r.url().split('#')[0] !== url(file)) complaints.push('asks for ' + r.url()); });
  try {
    await page.goto(url(file));
    await body(page);
    want('complaints', complaints.filter(c => !complains || !complains.test(c)), []);
  } catch (e) {
    fault = e.message.split('\n').slice(0, 6).join('\n');
  }
  await context.close();
  say({name, fault, took: Date.now() - start});
}

const shown = page => page.locator('tbody.op:visible').count();
const count = page => page.locator('#count').textContent();
const row = (page, name) => page.locator('tbody.op', {has: page.locator('.id', {hasText: new RegExp('/?' + name + '$')})});

await check('filters', 'twelve.html', {}, async page => {
  want('at first', await count(page), '31 of 31 operations');
  await page.fill('#find', 'refund');
  const n = await shown(page);
  if (n < 2 || n > 8) throw new Error(`"refund" shows ${n}`);
  want('count', await count(page), `${n} of 31 operations`);
  await page.fill('#find', 'refund HYBRID');
  want('two words', await shown(page), 1);
  await page.fill('#find', 'no such thing');
  want('nothing', [await shown(page), await page.locator('#nothing').isVisible()], [0, true]);
  await page.click('button[type=reset]');
  await page.waitForFunction(() => document.getElementById('count').textContent === '31 of 31 operations');
  await page.check('input[value=sync]');
  await page.selectOption('#service', 'checkout');
  want('sync of checkout', await page.locator('tbody.op:visible .id').allTextContents(), ['checkout/price-basket', 'checkout/reserve-stock', 'checkout/authorize-payment']);
  await page.click('.tiles [data-filter=hybrid]');
  want('a tile', await page.locator('tbody.op:visible .id').allTextContents(), ['storefront/request-refund']);
});

await check('sorts', 'twelve.html', {}, async page => {
  const head = page.locator('th.c-latency');
  const values = () => page.locator('tbody.op').evaluateAll(list => list.map(b => Number(b.dataset.latency)));
  await head.locator('button').click();
  want('first click', await head.getAttribute('aria-sort'), 'descending');
  const down = await values();
  want('descending', down, [...down].sort((a, b) => b - a));
  await head.locator('button').click();
  want('ascending', await values(), [...down].sort((a, b) => a - b));
  await page.locator('thead th.c-op button').click();
  want('another', [await head.getAttribute('aria-sort'), await page.locator('thead th.c-op').getAttribute('aria-sort')], ['none', 'ascending']);
});

await check('opens, answers a what-if and resets', 'twelve.html', {}, async page => {
  const op = row(page, 'submit-order');
  await op.locator('.line').click();
  want('opened', [await op.locator('.detail').isVisible(), await op.locator('.opener button').getAttribute('aria-expanded')], [true, 'true']);
  const before = await op.locator('.rationale').innerText();
  const answers = op.locator('select');
  await answers.nth(0).selectOption({label: 'no'});
  want('verdict', await op.locator('.why .verdict').textContent(), 'async');
  want('row', await op.locator('.why code').textContent(), 'slow-and-detached');
  want('badge', await op.locator('.tried').textContent(), 'what if: async, works async');
  want('the tile follows', await page.locator('[data-tile=async] b').textContent(), '17');
  want('the bar', (await page.locator('#tries [role=status]').textContent()).startsWith('What if: 1 operation changed · '), true);
  want('status', (await op.locator('[role=status]').textContent()).startsWith('async instead of sync. To add: '), true);
  want('declared', await op.locator('.why .odd').textContent(), 'Declared sync, which the answers do not give.');
  want('safeguards', (await op.locator('dl').textContent()).includes('Transactional outbox'), true);
  await op.getByRole('button', {name: 'Reset the answers'}).click();
  want('after reset', await op.locator('.rationale').innerText(), before);
  want('no badge', await op.locator('.tried').textContent(), '');
  want('the tile is back', await page.locator('[data-tile=async] b').textContent(), '16');
  want('no bar', await page.locator('#tries').isVisible(), false);
  await op.locator('.line').click({position: {x: 300, y: 10}});
  want('closed', await op.locator('.detail').isVisible(), false);
});

await check('works from the keyboard', 'twelve.html', {}, async page => {
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.id);
  await page.keyboard.press('Tab');
  want('first stop', await focused(), 'Skip to the operations');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  want('behind the skip link', await focused(), 'find');
  await page.keyboard.type('charge-card');
  want('filtered', await shown(page), 1);
  await page.evaluate(() => document.querySelector('th.c-found button').focus());
  await page.keyboard.press('Tab');
  want('next stop', await focused(), 'payments/charge-card');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  want('in the answers', await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'immediacy of payments/charge-card');
  await page.keyboard.press('l');
  const op = row(page, 'charge-card');
  want('verdict', await op.locator('.why .verdict').textContent(), 'hybrid');
  for (let i = 0; i < 5; i++) await page.keyboard.press('Tab');
  want('the way back', await focused(), 'Reset the answers');
  await page.keyboard.press('Enter');
  want('focus stays', await page.evaluate(() => document.activeElement.tagName), 'SELECT');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press(' ');
  want('closed', await op.locator('.detail').isVisible(), false);
});

await check('follows links into the page', 'twelve.html', {}, async page => {
  const op = row(page, 'request-refund');
  const id = await op.getAttribute('id');
  await page.goto(url('twelve.html') + '#' + id);
  want('operation opened', await op.locator('.detail').isVisible(), true);
  await op.locator('dl a').first().click();
  const target = new URL(page.url()).hash.slice(1);
  want('safeguard opened', await page.locator('#' + target).evaluate(d => d.open), true);
  await page.fill('#find', 'zzz');
  await page.evaluate(() => document.querySelectorAll('.journey details').forEach(d => { d.open = true; }));
  await page.locator('.steps a').first().click();
  for (let i = 0; i < 2400 && await count(page) !== '31 of 31 operations'; i++) {
    await page.waitForTimeout(50); // the page hears of the new address a little later
  }
  want('unfiltered', await count(page), '31 of 31 operations');
});

for (const file of ['combinations', 'own-table']) {
  await check(`decides as the program does: ${file}`, file + '.html', {}, async page => {
    const truth = JSON.parse(readFileSync(join(pages, file + '.json'), 'utf8')).operations;
    const got = await page.evaluate(truth => {
      const {recommend, operations, options} = globalThis.waitornot;
      const questions = ['immediacy', 'retryability', 'latency', 'coupling'];
      const all = options.reduce((n, list) => n * list.length, 1); // combinations of answers to the same facts
      if (truth.length % all !== 0) throw new Error(`${truth.length} operations are no multiple of ${all}`);
      return truth.map((t, k) => {
        const base = operations[Math.floor(k / all) * all]; // the same facts, other answers
        const answers = questions.map((q, i) => options[i].indexOf(t.answers[i].answer));
        return recommend(base, answers);
      });
    }, truth);
    truth.forEach((t, k) => {
      const r = got[k];
      want(`${t.id} verdict`, [r.verdict, r.agreement], [t.verdict, t.agreement]);
      want(`${t.id} reasons`, r.because, t.verdict === 'undecided' ? [] : t.rows.map(x => [x.name, x.why]));
      want(`${t.id} safeguards`, r.safeguards.flatMap(g => g.names.map(s => s.id)).sort(), t.safeguards.map(s => s.id).sort());
      want(`${t.id} dissents`, r.roles.flatMap((role, q) => role === 'dissents' || role === 'yields' ? [q] : []),
        t.answers.flatMap((a, q) => a.role === 'dissents' || a.role === 'yields' ? [q] : []));
      for (const d of t.dissents) {
        const because = r.safeguards.filter(g => g.because === `because ${d.question} dissents`).flatMap(g => g.names.map(s => s.id));
        if (!because.every(id => d.safeguards.includes(id))) throw new Error(`${t.id}: ${because} because of ${d.question}, want some of ${d.safeguards}`);
      }
      want(`${t.id} pattern`, r.pattern && r.pattern.name, t.pattern && t.pattern.name);
      want(`${t.id} gains`, [r.gains, r.costs], [t.gains.join('; '), t.costs.join('; ')]);
      want(`${t.id} flips`, r.becomes.map(b => b.split(' ')[0]), [...new Set(t.flips.map(f => f.verdict))].sort((a, b) => ['sync', 'async', 'hybrid'].indexOf(a) - ['sync', 'async', 'hybrid'].indexOf(b)));
      want(`${t.id} next`, t.next && r.next.id, t.next && t.next.question);
    });
    say({figure: `${file}: ${truth.length} combinations of answers and facts agree`});
  });

  await check(`says the same with and without its script: ${file}`, file + '.html', {}, async page => {
    const faults = await page.evaluate(() => {
      const text = body => [...body.querySelectorAll('.why, .answers .argues, .answers .role, dl')].map(e => e.textContent.replace(/\s+/g, ' ').trim());
      const faults = [], bodies = [...document.querySelectorAll('tbody.op')], all = bodies.map(text);
      for (const body of bodies) body.querySelector('.opener button').click();
      for (const [i, body] of bodies.entries()) {
        const before = all[i];
        body.querySelector('select').dispatchEvent(new Event('change'));
        const after = text(body);
        before.forEach((b, k) => { if (b !== after[k]) faults.push(`${b} | ${after[k]}`); });
      }
      return faults;
    });
    want('differences', faults.slice(0, 3), []);
  });
}

await check('keeps hostile names text', 'strained.html', {}, async page => {
  await page.click('#fold');
  want('elements from names', await page.locator('img, b.broken, iframe').count(), 0);
  want('scripts', await page.locator('script').count(), 2);
  const op = page.locator('tbody.op', {hasText: 'onerror'});
  want('name', await op.locator('.id').textContent(), 'shop/<img src=x onerror=alert(1)>');
  want('callee', (await op.locator('.callee').textContent()).includes('</script><script>alert(2)</script>'), true);
  want('description', await op.locator('.about').textContent(), '"><b class=broken>bold</b> {{.Policy}} <!-- \' ` javascript:alert(3)');
  await op.scrollIntoViewIfNeeded(); // a row that comes into view gets its controls
  await op.locator('select').first().selectOption({label: 'later'});
  want('after a what-if', await page.locator('img, b.broken').count(), 0);
});

await check('shows a journey before and after its plan', 'strained.html', {}, async page => {
  const buy = page.locator('.journey', {hasText: 'shop/buy'});
  want('standing', await buy.locator('.standing').textContent(), 'over its budget, under its objective');
  want('plan', (await buy.locator('.plan li').allTextContents()).map(t => t.split(':')[0]), ['make shop/make-invoice hybrid', 'make shop/send-receipt async']);
  want('bars', await buy.locator('.meter .when').allTextContents(), ['today', 'with the plan', 'today', 'with the plan']);
  want('missed', await buy.locator('.meter.missed').count(), 2);
});

await check('says what to do first, and leads there', 'strained.html', {}, async page => {
  const links = page.locator('.actions a');
  want('how many', await links.count() <= 5, true);
  want('first', await links.first().textContent(), 'Make shop/make-invoice hybrid and shop/send-receipt async');
  want('gain', await page.locator('.actions .gain').first().textContent(), 'may bring shop/buy on target (facts are missing), 6 errors gone');
  want('dead links', await links.evaluateAll(list => list.filter(a => !document.getElementById(a.hash.slice(1))).map(a => a.hash)), []);
});

await check('groups findings by rule and filters them', 'strained.html', {}, async page => {
  const all = await page.locator('.findings li').count();
  want('groups', await page.locator('.rule').count() > 1 && await page.locator('.rule .why').count() > 1, true);
  await page.check('#finding-filter input[value=error]');
  const errors = await page.locator('.findings li[data-severity=error]').count();
  want('errors', await page.locator('#finding-count').textContent(), `${errors} of ${all} findings`);
  await page.fill('#find-finding', 'no such finding');
  want('none', [await page.locator('.rule:visible').count(), await page.locator('#finding-count').textContent()], [0, `0 of ${all} findings`]);
});

await check('fits, zooms, moves and focuses the graph', 'twelve.html', {}, async page => {
  const box = () => page.locator('#canvas svg').evaluate(s => s.getAttribute('viewBox').split(' ').map(Number));
  const inside = await page.evaluate(() => {
    const c = document.getElementById('canvas').getBoundingClientRect();
    return [...document.querySelectorAll('#canvas .node')].every(n => { const r = n.getBoundingClientRect(); return r.left >= c.left && r.right <= c.right && r.top >= c.top && r.bottom <= c.bottom; });
  });
  want('all boxes are in sight', inside, true);
  const before = await box();
  await page.click('#zoom-in');
  want('zoomed', (await box())[2] < before[2], true);
  await page.focus('#canvas');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('0');
  want('back', await box(), before);
  await page.selectOption('#focus', {label: 'payments'});
  want('payments and its neighbors', (await page.locator('#canvas .node:visible title').allTextContents()).sort(),
    ['card-processor', 'checkout', 'inventory', 'notifications', 'payments', 'storefront']);
  await page.locator('#canvas .node:visible', {hasText: 'checkout'}).first().click();
  want('a neighbor', await page.locator('#focus').evaluate(s => s.selectedOptions[0].textContent), 'checkout');
  await page.locator('#canvas a:visible', {hasText: 'send-confirmation'}).click();
  const opened = row(page, 'send-confirmation').locator('.detail');
  await opened.waitFor({state: 'visible'}).catch(() => {}); // the page hears of its new address later
  want('its operation opened', await opened.isVisible(), true);
  await page.focus('#canvas');
  await page.keyboard.press('Escape');
  want('all again', [await page.locator('#focus').inputValue(), await box()], ['', before]);
});

for (const file of ['late', 's12', 's12c', 's100', 's300c']) {
  await check(`draws legibly: ${file}`, file + '.html', {}, async page => {
    const overlaps = () => page.evaluate(() => {
      const boxes = [...document.querySelectorAll('#canvas .wn-label, #canvas .node')].filter(e => e.checkVisibility()).map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width > 0);
      const faults = [], slack = 1;
      boxes.forEach(([a, r], i) => boxes.slice(i + 1).forEach(([b, q]) => {
        if (r.left < q.right - slack && q.left < r.right - slack && r.top < q.bottom - slack - 2 && q.top < r.bottom - slack - 2) faults.push(a.textContent + ' | ' + b.textContent);
      }));
      return faults;
    });
    want('overlaps', (await overlaps()).slice(0, 5), []);
    const services = Number((/\d+/.exec(file) || [12])[0]), grouped = await page.locator('#focus optgroup').count() > 0;
    want('grouped', grouped, services > 40);
    if (await page.locator('#canvas').isVisible()) {
      const high = await page.evaluate(() => {
        const area = s => document.querySelector(s).getBoundingClientRect(), all = [...document.querySelectorAll('#canvas .node, #canvas .wn-note')].map(e => e.getBoundingClientRect());
        return [(Math.max(...all.map(r => r.bottom)) - Math.min(...all.map(r => r.top))) / area('#canvas').height, all[0].height];
      });
      if (high[0] < .6 || high[0] > 1) throw new Error(`the picture takes ${high[0]} of the height of its box`);
      want('letters are high enough', await page.locator('#canvas .node text').first().evaluate(t => t.getBoundingClientRect().height > 9), true);
    }
    await page.locator('#focus').evaluate(s => { s.selectedIndex = 3; s.dispatchEvent(new Event('change')); });
    want('boxes in focus', await page.locator('#canvas .node:visible').count() > 0, true);
    want('overlaps in focus', (await overlaps()).slice(0, 5), []);
    want('letters in focus are high enough', await page.locator('#canvas .node:visible text').first().evaluate(t => t.getBoundingClientRect().height > 9), true);
  });
}

for (const [file, by] of [['s40', 'service'], ['s40c', 'service'], ['s100c', 'group'], ['s300', 'group']]) {
  await check(`shows a matrix where lines could not be followed: ${file}`, file + '.html', {}, async page => {
    const rows = page.locator('#matrix tbody tr');
    want('instead of lines', [await page.locator('#matrix').isVisible(), await page.locator('#canvas').isVisible()], [true, false]);
    const seen = await page.evaluate(() => {
      const m = document.querySelector('.matrix'), cells = [...m.querySelectorAll('tbody td')];
      return {
        square: m.querySelectorAll('thead th').length === m.querySelectorAll('tbody tr').length,
        same: [...m.querySelectorAll('thead th')].every((h, i) => h.textContent === m.querySelectorAll('tbody th')[i].textContent),
        sum: cells.reduce((n, c) => n + Number(c.textContent), 0),
        calls: globalThis.waitornot.operations.filter(o => o.e >= 0).length,
        inTitles: cells.every(c => !c.textContent === !c.title),
        small: Math.min(...[...m.querySelectorAll('th')].map(t => parseFloat(getComputedStyle(t).fontSize))),
      };
    });
    want('square', [seen.square, seen.same, seen.inTitles], [true, true, true]);
    want('every call is counted', seen.sum, seen.calls);
    if (seen.small < 11) throw new Error(`letters of ${seen.small} pixels`);
    const name = await rows.first().locator('th').textContent();
    want('what a row is', / \(\d+\)$/.test(name), by === 'group');
    await rows.first().locator('th').click();
    want('chosen', [await page.locator('#focus').evaluate(s => s.selectedOptions[0].textContent), await page.locator('#canvas').isVisible(), await page.locator('#matrix').isVisible()],
      [by === 'group' ? name.replace(/ \(\d+\)$/, '') : name, true, false]);
    await page.focus('#canvas');
    await page.keyboard.press('Escape');
    want('the matrix again', await page.locator('#matrix').isVisible(), true);
  });
}

for (const file of ['late', 'strained', 'journeys']) {
  await check(`works out journeys as the program does: ${file}`, file + '.html', {}, async page => {
    const truth = JSON.parse(readFileSync(join(pages, file + '-journeys.json'), 'utf8'));
    const got = await page.evaluate(truth => truth.map(t => globalThis.waitornot.numbers(globalThis.waitornot.journeys[t.journey], new Map(t.to))), truth);
    truth.forEach((t, i) => {
      const g = got[i], what = `journey ${t.journey} with ${JSON.stringify(t.to)}`;
      want(what, [g.wait, g.waitKnown, g.waitNothing, g.shareKnown, g.shareNothing, g.missedTime, g.missedShare], [t.wait, t.waitKnown, t.waitNothing, t.shareKnown, t.shareNothing, t.missedTime, t.missedShare]);
      if (Math.abs(g.share - t.share) > 1e-12) throw new Error(`${what}: available ${g.share}, want ${t.share}`);
    });
    say({figure: `${file}: ${truth.length} changes of journeys agree`});
  });
}

await check('tries a plan: journeys, totals, findings, address and YAML follow', 'late.html', {}, async page => {
  const plan = page.locator('.journey', {hasText: 'storefront/return-goods'}).locator('[data-plan]');
  await plan.click();
  want('the bar', await page.locator('#tries [role=status]').textContent(), 'What if: 1 operation changed · journeys off target: 3 → 2 (1 not known) · 1 finding gone');
  want('the tile', await page.locator('[data-tile=journeys] b').textContent(), '2 of 3');
  want('a bar of its own', await page.locator('.meter.tryout').count(), 2);
  want('findings', await page.locator('.findings li.gone').count(), 1);
  want('the line is drawn anew', await page.locator('#canvas .tried').count() > 0, true);
  want('YAML', (await page.locator('#tries pre').textContent()).split('\n').slice(1).join('\n'), '- name: request-refund\n  mode: hybrid\n');
  const link = page.url();
  await page.locator('.steps a').first().evaluate(a => a.click());
  await page.waitForFunction(() => location.hash.startsWith('#op-') && location.hash.includes('&try='));
  await page.goto('about:blank');
  await page.goto(link);
  want('the link keeps it', await page.locator('[data-tile=journeys] b').textContent(), '2 of 3');
  want('the row', await row(page, 'request-refund').locator('.tried').textContent(), 'works hybrid');
  await page.click('#tries-reset');
  want('reset', [await page.locator('#tries').isVisible(), await page.locator('[data-tile=journeys] b').textContent(), await page.locator('.meter.tryout').count(), page.url().includes('try')], [false, '3 of 3', 0, false]);
  await page.goto(url('late.html') + '#&try=9999.1111.2_29.9999.1_x_29.11.7'); // what fits nothing is left out
  want('nonsense', await page.locator('#tries').isVisible(), false);
});

await check('shows what is not known as not known', 'unknown.html', {}, async page => {
  want('gauges', await page.locator('.meter.unknown').count(), 2);
  want('values', await page.locator('.meter.unknown .value').count(), 0);
  want('standing', await page.locator('.journey .standing').textContent(), 'facts are missing');
});

await check('has a policy that keeps other scripts out', 'twelve.html', {complains: /Content Security Policy/}, async page => {
  want('intruder', await page.evaluate(() => new Promise(done => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.intruder = true';
    document.addEventListener('securitypolicyviolation', e => done(e.effectiveDirective));
    document.body.append(script);
    if (globalThis.intruder) done('ran');
  })), 'script-src-elem');
});

await check('is complete without its script', 'twelve.html', {javaScriptEnabled: false}, async page => {
  want('rationales', await page.locator('tr.detail:visible').count(), 31);
  want('controls', await page.locator('#filter:visible, select:visible').count(), 0);
});

await check('prints what is shown', 'twelve.html', {}, async page => {
  await page.fill('#find', 'refund');
  const n = await shown(page);
  await page.emulateMedia({media: 'print'});
  want('rows', await shown(page), n);
  want('controls', await page.locator('#filter:visible, nav:visible').count(), 0);
});

await check('prints the whole matrix', 's40.html', {viewport: {width: 690, height: 1000}}, async page => {
  await page.emulateMedia({media: 'print'});
  want('cut off', await page.evaluate(() => {
    const right = document.querySelector('#graph .card, #graph .scroll').getBoundingClientRect().right;
    return [...document.querySelectorAll('.matrix td')].filter(cell => cell.getBoundingClientRect().right > right + 1).length;
  }), 0);
});

await check('prints what is folded', 'twelve.html', {}, async page => {
  await page.emulateMedia({media: 'print'});
  want('folded', await page.locator('.notes details, .journey details').evaluateAll(list => list.filter(d => !d.lastElementChild.checkVisibility({contentVisibilityAuto: true})).length), 0);
});

await check('aligns the toolbar of the graph with the text', 'twelve.html', {}, async page => {
  for (const width of [1280, 1440, 1920]) {
    await page.setViewportSize({width, height: 900});
    const [text, bar] = await page.evaluate(() => ['#graph .hint', '.graphbar .field'].map(s => Math.round(document.querySelector(s).getBoundingClientRect().left)));
    want(`left edges at ${width}`, bar, text);
  }
});

for (const colorScheme of ['light', 'dark']) {
  for (const [where, viewport] of [['wide', {width: 1440, height: 900}], ['phone', {width: 390, height: 844}]]) {
    await check(`is accessible and fits: ${colorScheme}, ${where}`, 'strained.html', {colorScheme, viewport, reducedMotion: 'reduce'}, async page => {
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      want('too wide', await wide(), 0);
      await page.evaluate(axe);
      const violations = async options => (await page.evaluate(o => globalThis.axe.run(document, {resultTypes: ['violations'], ...o}), options)).violations
        .map(v => `${v.impact} ${v.id}: ${v.nodes[0].target} (${v.nodes[0].failureSummary.split('\n').slice(1, 2)})`);
      await page.locator('.opener button').first().click(); // one alone: rows out of sight have no size yet
      want('sizes', await violations({runOnly: ['target-size']}), []);
      await page.locator('.opener button').first().click();
      await page.click('#fold');
      await page.locator('tbody.op select').first().selectOption({label: 'no'});
      await page.evaluate(() => document.querySelectorAll('details').forEach(d => { d.open = true; }));
      want('too wide when all is open', await wide(), 0);
      want('violations', await violations({}), []);
    });
  }
}

await check('stays fluid with 1,000 operations', 'large.html', {}, async page => {
  want('at first', await count(page), '1000 of 1000 operations');
  const took = await page.evaluate(async () => {
    const time = f => { const start = performance.now(); f(); document.body.offsetHeight; return Math.round(performance.now() - start); };
    const find = document.getElementById('find');
    const type = text => time(() => { find.value = text; find.dispatchEvent(new Event('input', {bubbles: true})); });
    const took = {load: Math.round(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)};
    took.filter = ['o', 'op', 'op-1', 'op-12', 'op-1', 'op-', ''].map(type);
    took.sort = time(() => document.querySelector('th.c-latency button').click());
    took.open = time(() => document.querySelector('.opener button').click());
    took.whatif = time(() => { const s = document.querySelector('tbody.op select'); s.selectedIndex = 1; s.dispatchEvent(new Event('change')); });
    took.openAll = time(() => document.getElementById('fold').click());
    return took;
  });
  await page.locator('tbody.op').nth(900).scrollIntoViewIfNeeded();
  await page.locator('tbody.op').nth(900).locator('select').first().waitFor();
  await page.fill('#find', 'operation-77');
  want('filtered', await shown(page), 11);
  say({figure: `1,000 operations, in milliseconds: ${JSON.stringify(took)}`});
});

await check('lists the first of very many, and counts all', 'many.html', {}, async page => {
  want('at first', await count(page), '2000 of 2000 listed operations');
  want('operations left out', (await page.locator('#operations > .hint').textContent()).split(':')[0], "1600 more operations aren't listed");
  want('journeys', await page.locator('.journey').count(), 200);
  want('journeys left out', (await page.locator('#journeys > .hint').textContent()).split(':')[0], "50 more journeys aren't listed");
  want('findings of a rule', await page.locator('#rule-WN101 .findings li').count(), 200);
  want('links that lead nowhere', await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].filter(a => !document.getElementById(a.getAttribute('href').slice(1))).map(a => a.textContent)), []);
  const tiles = () => page.evaluate(() => Object.fromEntries([...document.querySelectorAll('[data-tile]')].map(t => [t.dataset.tile, parseInt(t.querySelector('b').textContent, 10)])));
  const before = await tiles(), verdict = {sync: 1, async: 2, hybrid: 3};
  const [n, digits, mode] = await page.evaluate(verdict => {
    const w = globalThis.waitornot;
    for (const [n, op] of w.operations.entries()) {
      const v = verdict[w.recommend(op, [...op.a].map(Number)).verdict];
      if (!document.getElementById('op-' + n) && v && op.d !== v) return [n, op.a, v];
    }
    return [];
  }, verdict);
  await page.goto('about:blank');
  await page.goto(url('many.html') + `#&try=${n}.${digits}.${mode}`);
  want('the bar', /^What if: 1 operation changed/.test(await page.locator('#tries [role=status]').textContent()), true);
  const after = await tiles();
  want('one that is not listed works as its verdict says', [after.differs, after.findings], [before.differs - 1, before.findings - 1]);
  want('YAML', (await page.locator('#tries pre').textContent()).startsWith('- name: operation-' + n), true);
  await page.click('#tries-reset');
  want('reset', await tiles(), before);
});

await check('can be used with a thumb', 'late.html', {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true}, async page => {
  const small = await page.evaluate(() => [...document.querySelectorAll('a, button, select, input, summary')].filter(e => e.checkVisibility()).map(e => [e, (e.closest('label') || e).getBoundingClientRect()])
    .filter(([e, r]) => r.width > 0 && r.right > 0 && (r.height < 24 || r.width < 24) && !e.closest('p, li, svg')).map(([e, r]) => `${e.tagName} ${e.textContent.trim().slice(0, 30)} ${Math.round(r.width)}x${Math.round(r.height)}`));
  want('too small', small.slice(0, 5), []);
  const cut = await page.evaluate(() => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && !e.closest('svg, .quiet, #canvas, #matrix') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 30)));
  want('beyond the edge', cut.slice(0, 5), []);
  await page.locator('#graph').scrollIntoViewIfNeeded();
  want('names can be read', await page.locator('#canvas .node text').first().evaluate(t => t.getBoundingClientRect().height > 9), true);
  await page.locator('#canvas .node:visible', {hasText: 'storefront'}).tap();
  want('a tap shows a service', await page.locator('#focus').inputValue() !== '', true);
});

await check('shows a matrix on a phone', 's300c.html', {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true, reducedMotion: 'reduce'}, async page => {
  const rows = await page.locator('#matrix tbody th').evaluateAll(list => list.map(e => { const r = e.getBoundingClientRect(); return [Math.round(r.width), Math.round(r.height)]; }));
  want('names stand on few lines', rows.filter(([w, h]) => w < 100 || w > 160 || h > 64 || h < 24), []);
  await page.locator('#matrix').evaluate(e => { e.scrollLeft = 300; });
  want('names stay in view', await page.locator('#matrix tbody th').first().evaluate(e => e.getBoundingClientRect().left >= 0), true);
  await page.locator('#matrix tbody th').nth(12).tap();
  const [top, high] = await page.locator('#canvas').evaluate(e => { const r = e.getBoundingClientRect(); return [r.top, r.height]; });
  if (high < 200 || top < 0 || top > 844 - 200) throw new Error(`what is chosen begins at ${top} and is ${high} high`);
});

await check('marks what cannot be known after a plan', 's40c.html', {}, async page => {
  const odd = await page.locator('.meter').evaluateAll(list => list.filter(m => /isn't known|^not known/.test(m.querySelector('.text').textContent) !== m.classList.contains('unknown')).map(m => m.textContent));
  want('bars', odd, []);
});

if (process.env.REPORT_PICTURE) { // for README
  const page = await browser.newPage({viewport: {width: 1280, height: 700}}); // as low as the graph can be read in
  await page.goto(url('late.html'));
  const height = await page.locator('#canvas').evaluate(e => Math.ceil(e.getBoundingClientRect().bottom + scrollY + 20));
  await page.screenshot({path: process.env.REPORT_PICTURE, fullPage: true, clip: {x: 0, y: 0, width: 1280, height}});
}
if (process.env.SHOTS) { // to look at
  for (const width of [1440, 390]) {
    const page = await browser.newPage({viewport: {width, height: 900}, reducedMotion: 'reduce'});
    for (const file of ['late', 's12', 's12c', 's40', 's40c', 's100', 's100c', 's300', 's300c']) {
      await page.goto(url(file + '.html'));
      await page.screenshot({path: join(process.env.SHOTS, `${file}-${width}.png`)});
      await page.evaluate(() => document.getElementById('graph').scrollIntoView());
      await page.screenshot({path: join(process.env.SHOTS, `${file}-${width}-graph.png`)});
    }
  }
}

await browser.close();
