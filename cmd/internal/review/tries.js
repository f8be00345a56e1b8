// ---- what is tried: other answers, and other ways to work ----

// tries holds by operation the answers that are tried, and how it would work: 0 is as today.
const tries = new Map();

const declaredOf = n => data.operations[n].d || 0;
const verdictOf = (n, answers) => decide(data.operations[n].t, answers).v;
const givenVerdict = given.map((answers, n) => verdictOf(n, answers));

// todayOf returns how an operation works today, as the graph takes it: as declared, else as the verdict says.
const todayOf = n => declaredOf(n) || givenVerdict[n];

function modeNow(n) {
  const t = tries.get(n);
  return t && t.mode || todayOf(n);
}

function differsNow(n) {
  const t = tries.get(n), mode = t && t.mode || declaredOf(n);
  if (!mode) return false;
  return !(decide(data.operations[n].t, t ? t.answers : given[n]).p & 1 << mode);
}

function setTry(n, answers, mode) {
  if (same(answers, given[n]) && !mode) tries.delete(n);
  else tries.set(n, {answers: [...answers], mode});
  refresh();
}

// ---- journeys, by the arithmetic of the program ----

const SYNC = 1, ASYNC = 2, HYBRID = 3, BY_SERVICE = 2;

// numbers works out a journey when operations are made async or hybrid: to maps them to what they become.
function numbers(j, to) {
  const steps = j.steps, n = steps.length;
  const changed = steps.map(s => s.m === SYNC && [ASYNC, HYBRID].includes(to.get(s.o)));
  const rolesOf = changed => {
    const all = [];
    steps.forEach((s, i) => {
      const mode = changed && changed[i] ? ASYNC : s.m, around = s.p < 0 ? '' : all[s.p];
      all[i] = around === 'handed' || around === 'behind' ? 'behind' : around === 'unclear' || mode === 0 ? 'unclear' :
        mode !== SYNC && s.j ? 'behind' : s.j === BY_SERVICE ? 'perhaps' : mode !== SYNC ? 'handed' : 'waited';
    });
    return all;
  };
  const acknowledges = (i, all, changed) => all[i] === 'handed' &&
    (steps[i].a >= 0 || (changed && changed[i] ? to.get(steps[i].o) : steps[i].m) === HYBRID);
  const time = i => Math.max(steps[i].l, 0), times = i => steps[i].n || 1;
  const splits = [], itself = [];
  let nested, whole, total;
  const sum = (all, changed, reached) => {
    nested = new Array(n).fill(0);
    whole = new Array(n).fill(0);
    total = 0;
    for (let end = n; end > 0;) {
      let from = end - 1;
      while (from > 0 && steps[from - 1].s === steps[from].s) from--;
      const best = new Map();
      for (let i = from; i < end; i++) {
        if (all[i] === 'waited') {
          if (reached) {
            splits[i] = nested[i] <= time(i) && !steps[i].r;
            itself[i] = Math.max(0, time(i) - nested[i]);
          }
          whole[i] = times(i) * (splits[i] ? itself[i] + nested[i] : Math.max(time(i), nested[i]));
        } else if (acknowledges(i, all, changed)) whole[i] = times(i) * Math.max(steps[i].a, 0);
        if (whole[i] === 0 && all[i] !== 'waited') continue;
        const b = best.get(steps[i].p);
        if (b === undefined || whole[i] > whole[b]) best.set(steps[i].p, i);
      }
      for (const [parent, i] of best) {
        if (parent < 0) total += whole[i];
        else nested[parent] += whole[i];
      }
      end = from;
    }
  };
  sum(rolesOf(null), null, true);
  const all = rolesOf(changed);
  sum(all, changed, false);
  let summed = 0, missing = j.lost || 0;
  const covered = [];
  steps.forEach((s, i) => {
    const known = s.l >= 0, around = s.p >= 0 && covered[s.p];
    covered[i] = around || known && all[i] === 'waited';
    if (covered[i] && !around) summed++;
    if (around) return;
    if (acknowledges(i, all, changed)) { if (s.a >= 0) summed++; else missing++; }
    else if (all[i] === 'unclear' && (s.p < 0 || all[s.p] !== 'unclear')) missing++;
    else if (all[i] === 'waited' && !known) missing++;
  });
  const dependencies = new Map();
  let shareMissing = j.lost || 0;
  const count = ([dependency, share, unknown]) => {
    if (unknown) shareMissing++;
    if (dependency >= 0) dependencies.set(dependency, Math.min(dependencies.has(dependency) ? dependencies.get(dependency) : 1, share));
  };
  j.start.forEach(count);
  steps.forEach((s, i) => {
    if (s.f) return;
    if (all[i] === 'unclear' && (s.p < 0 || all[s.p] !== 'unclear')) shareMissing++;
    else if (all[i] === 'waited') count(s.w);
    else if (all[i] === 'handed') count(changed[i] ? s.t : s.h);
  });
  let share = 1;
  for (const a of dependencies.values()) share *= a;
  let least = share; // with the steps that are joined by service alone
  const doubts = new Map();
  steps.forEach((s, i) => {
    if (all[i] !== 'perhaps' || s.f) return;
    const [dependency, need, unknown] = s.w;
    if (unknown) { shareMissing++; return; }
    const counted = doubts.has(dependency) ? doubts.get(dependency) : dependencies.has(dependency) ? dependencies.get(dependency) : 1;
    if (dependency < 0 || need >= counted) return;
    least *= need / counted;
    doubts.set(dependency, need);
  });
  const missedTime = j.budget >= 0 && total > j.budget, missedShare = j.slo >= 0 && share < j.slo - 1e-12;
  return {
    wait: total, waitKnown: missing === 0, waitNothing: summed === 0, share, shareKnown: shareMissing === 0, shareNothing: dependencies.size === 0 && shareMissing > 0,
    missedTime, missedShare,
    open: !missedTime && j.budget >= 0 && (missing > 0 || summed === 0 && n > 0) || !missedShare && j.slo >= 0 && (shareMissing > 0 || least < j.slo - 1e-12),
  };
}

// duration writes nanoseconds as the page does.
function duration(ns) {
  const s = ns / 1e9;
  if (s < 1) return +(s * 1000).toPrecision(3) + 'ms';
  if (s < 60) return +s.toFixed(2) + 's';
  const m = Math.floor(s / 60), rest = Math.round(s - 60 * m);
  return m < 60 ? `${m}m` + (rest ? `${rest}s` : '') : `${Math.floor(m / 60)}h` + (m % 60 ? `${m % 60}m` : '');
}

// percent writes a share as the page does: rounded down, or up as a bound from above.
function percent(share, round = Math.ceil) {
  const missing = 100 * (1 - share);
  const digits = missing > 0 && missing < 100 ? Math.max(2, Math.min(9, 1 - Math.floor(Math.log10(missing)))) : 2;
  let scaled = missing * 10 ** digits;
  if (Math.abs(scaled - Math.round(scaled)) < 1e-6) scaled = Math.round(scaled);
  return +(100 - round(scaled) / 10 ** digits).toFixed(digits) + '%';
}

// ---- showing what is tried ----

const bar = document.getElementById('tries');
let shown = new Set(), missedBefore = null;

function refresh(silent) {
  const to = new Map([...tries].filter(([n, t]) => t.mode).map(([n, t]) => [n, t.mode]));
  for (const n of new Set([...shown, ...tries.keys()])) tag(n);
  shown = new Set(tries.keys());
  const missed = showJourneys(to);
  showTiles(missed);
  showFindings(missed);
  redraw();
  showBar(missed);
  if (!silent) history.replaceState(null, '', address());
}

// tag says in the row of an operation what is tried.
function tag(n) {
  const t = tries.get(n), parts = [], body = document.getElementById('op-' + n), tried = body && body.querySelector('.tried');
  if (!tried) return;
  if (t && !same(t.answers, given[n])) parts.push('what if: ' + data.verdicts[verdictOf(n, t.answers)]);
  if (t && t.mode) parts.push('works ' + data.verdicts[t.mode]);
  tried.textContent = parts.join(', ');
}

// showJourneys adds what each journey would wait and how available it would be, and returns which miss a target.
function showJourneys(to) {
  return data.journeys.map((j, i) => {
    const today = numbers(j, new Map()), now = numbers(j, to), card = document.getElementById('journey-' + i); // not all are listed
    if (card) card.querySelectorAll('.meter.tryout').forEach(m => m.remove());
    if (card && j.steps.some(s => to.has(s.o))) {
      const gauges = card.querySelectorAll('.gauge');
      const meter = (gauge, value, text, missed) => {
        const unit = Number(gauge.dataset.unit), wide = unit > 0 && value >= 0 ? Math.min(value / unit, 1000) : 0;
        const svg = draw('svg', {viewBox: '0 0 1000 10', preserveAspectRatio: 'none', 'aria-hidden': 'true'},
          draw('rect', {class: 'track', width: 1000, height: 10}), ...(value < 0 ? [] : [draw('rect', {class: 'value', width: wide.toFixed(1), height: 10})]));
        const asked = gauge.querySelector('.asked');
        if (asked) svg.append(asked.cloneNode());
        gauge.append(make('div', {class: 'meter tryout' + (missed ? ' missed' : '') + (value < 0 ? ' unknown' : '')}, make('span', {class: 'when'}, 'what if'), svg,
          make('span', {class: 'text'}, text, ...(missed ? [' ', make('b', null, '(missed)')] : []))));
      };
      meter(gauges[0], now.waitNothing ? -1 : now.wait, now.waitNothing ? 'not known' : (now.waitKnown ? '' : 'at least ') + duration(now.wait), now.missedTime);
      meter(gauges[1], now.shareNothing ? -1 : 1 - now.share, now.shareNothing ? 'not known' : (now.shareKnown ? percent(now.share) : 'at most ' + percent(now.share, Math.floor)), now.missedShare);
    }
    const off = x => x.missedTime || x.missedShare;
    return {today: off(today), now: off(now), open: now.open && !off(now), time: today.missedTime && !now.missedTime, share: today.missedShare && !now.missedShare};
  });
}

// showTiles counts as if all that is tried held.
function showTiles(missed) {
  const delta = {sync: 0, async: 0, hybrid: 0, undecided: 0, differs: 0, close: 0, journeys: 0, findings: 0};
  for (const [n, t] of tries) {
    const was = data.verdicts[givenVerdict[n]], is = data.verdicts[verdictOf(n, t.answers)];
    delta[was]--;
    delta[is]++;
    const op = data.operations[n], close = a => data.agreements[decide(op.t, a).a] === 'close call' ? 1 : 0;
    delta.close += close(t.answers) - close(given[n]);
    const declared = declaredOf(n), before = declared && !(decide(op.t, given[n]).p & 1 << declared) ? 1 : 0;
    delta.differs += (differsNow(n) ? 1 : 0) - before;
  }
  for (const m of missed) delta.journeys += (m.now ? 1 : 0) - (m.today ? 1 : 0);
  delta.findings = -countGone(missed);
  for (const tile of document.querySelectorAll('[data-tile]')) {
    const b = tile.querySelector('b');
    tile.dataset.was ||= b.textContent;
    const d = delta[tile.dataset.tile] || 0, was = parseInt(tile.dataset.was, 10);
    b.textContent = d ? String(was + d) + tile.dataset.was.replace(/^\d+/, '') : tile.dataset.was;
    tile.classList.toggle('tried', d !== 0);
  }
}

// falls reports whether what is tried takes a finding away, by its code, operation and journey.
function falls(missed, code, n, j) {
  switch (code) {
  case 'WN101': return tries.has(n) && !differsNow(n);
  case 'WN102': return tries.has(n) && verdictOf(n, tries.get(n).answers) !== 0;
  case 'WN203': return j >= 0 && missed[j].time;
  case 'WN205': return j >= 0 && missed[j].share;
  }
  return false;
}

// gone returns the listed findings that what is tried takes away.
function gone(missed) {
  return [...document.querySelectorAll('.findings li')].filter(li => falls(missed, li.dataset.code, Number(li.dataset.op), Number(li.dataset.journey)));
}

// countGone counts those that aren't listed, too.
function countGone(missed) {
  return gone(missed).length + data.unlisted.filter(x => falls(missed, ...x)).length;
}

function showFindings(missed) {
  const list = new Set(gone(missed));
  for (const li of document.querySelectorAll('.findings li')) li.classList.toggle('gone', list.has(li));
}

function showBar(missed) {
  bar.hidden = tries.size === 0;
  if (bar.hidden) return;
  const changes = {today: missed.filter(m => m.today).length, now: missed.filter(m => m.now).length};
  const parts = [`What if: ${tries.size} ${tries.size === 1 ? 'operation' : 'operations'} changed`];
  const open = missed.filter(m => m.open).length, unknown = open ? ` (${open} not known)` : '';
  if (data.journeys.length) parts.push((changes.today === changes.now ? `journeys off target: still ${changes.now}` : `journeys off target: ${changes.today} → ${changes.now}`) + unknown);
  const n = countGone(missed);
  if (n) parts.push(`${n} ${n === 1 ? 'finding' : 'findings'} gone`);
  bar.querySelector('[role=status]').textContent = parts.join(' · ');
  bar.querySelector('pre').textContent = yaml();
}

// yaml writes what is tried as it would stand in the manifests.
function yaml() {
  const word = text => /^[A-Za-z][A-Za-z0-9_./-]*$/.test(text) ? text : JSON.stringify(text);
  return [...tries].sort((a, b) => a[0] - b[0]).map(([n, t]) => {
    const op = data.operations[n], body = document.getElementById('op-' + n), lines = body ? [`# ${body.dataset.place}`] : [];
    lines.push('- name: ' + word(data.graph.names[n]));
    if (t.mode) lines.push('  mode: ' + data.verdicts[t.mode]);
    if (!same(t.answers, given[n])) {
      const list = data.questions.flatMap((q, i) => t.answers[i] === 0 ? [] :
        [`${q.id}: ${i === 2 && op.l && t.answers[i] === given[n][i] ? op.l : data.options[i][t.answers[i]]}`]);
      lines.push(`  answers: {${list.join(', ')}}`);
    }
    return lines.join('\n');
  }).join('\n') + '\n';
}

// ---- what is tried stands in the address, behind what the address leads to ----

function address() {
  const parts = [...tries].sort((a, b) => a[0] - b[0]).map(([n, t]) => `${n}.${t.answers.join('')}.${t.mode || 0}`);
  const target = location.hash.slice(1).split('&')[0];
  const hash = parts.length ? `#${target}&try=${parts.join('_')}` : target ? '#' + target : location.pathname + location.search;
  return hash;
}

// load takes over what an address tries. Numbers that fit no operation are left out.
function load() {
  const found = /&try=([0-9._]*)/.exec(location.hash);
  if (!found) return false;
  tries.clear();
  for (const part of found[1].split('_')) {
    const [n, digits, mode] = part.split('.'), op = data.operations[Number(n)];
    const answers = [...digits || ''].map(Number);
    if (!op || answers.length !== sizes.length || answers.some((a, q) => !(a < sizes[q])) || !(Number(mode) <= HYBRID)) continue;
    if (!same(answers, given[Number(n)]) || Number(mode)) tries.set(Number(n), {answers, mode: Number(mode)});
  }
  return true;
}

const forget = () => {
  const open = [...tries.keys()];
  tries.clear();
  for (const n of open) reequip(n);
  refresh();
};
document.getElementById('tries-reset').addEventListener('click', forget);
document.getElementById('tries-copy').addEventListener('click', async event => {
  const button = event.currentTarget, pre = bar.querySelector('pre');
  try {
    await navigator.clipboard.writeText(pre.textContent);
    button.textContent = 'Copied';
  } catch {
    bar.querySelector('details').open = true;
    getSelection().selectAllChildren(pre);
    button.textContent = 'Selected: press ctrl+c';
  }
  setTimeout(() => { button.textContent = 'Copy YAML'; }, 2000);
});
for (const button of document.querySelectorAll('[data-plan]')) {
  button.addEventListener('click', () => {
    for (const part of button.dataset.plan.split(' ')) {
      const [n, mode] = part.split('.').map(Number);
      const t = tries.get(n);
      tries.set(n, {answers: t ? t.answers : [...given[n]], mode});
      reequip(n);
    }
    refresh();
  });
}
