
'use strict';
(() => {
const root = document.documentElement;
const data = JSON.parse(document.getElementById('data').textContent);
const bodies = [...document.querySelectorAll('tbody.op')];
root.classList.add('js');

// ---- deciding, from the same table as the program ----

const sizes = data.options.map(o => o.length);

// decide returns what the table says of answers, which are positions in the
// options of their questions.
function decide(table, answers) {
  return data.tables[table].cells[answers.reduce((at, a, q) => at * sizes[q] + a, 0)];
}

// pattern returns the position of the first pattern that fits, or -1.
function pattern(verdict, answers, facts) {
  const is = (q, ...names) => names.includes(data.options[q][answers[q]]);
  const f = data.implied;
  if (is(3, 'yes')) facts |= f.coupled;
  if (is(2, 'yes', 'beyond')) facts |= f.slow;
  if (is(1, 'yes')) facts |= f.retryable;
  if (!(facts & (f.brokered | f.coupled))) facts |= f.noBroker;
  return verdict === 0 ? -1 : data.patterns.findIndex(p => p.verdict === verdict &&
    (facts & p.all) === p.all && (p.any === 0 || (facts & p.any) !== 0) && (facts & p.none) === 0);
}

// costs returns what a verdict costs with answers and the pattern at a position.
function costs(verdict, answers, at) {
  return data.tradeoffs[verdict].costs.map(cost => {
    const c = data.conditions.find(c => c.cost === cost);
    if (!c) return cost;
    if (c.unless.includes(data.options[c.q][answers[c.q]])) return '';
    return c.patterns.includes(at) ? c.instead : cost;
  }).filter(Boolean);
}

// recommend says all that follows for an operation, were its answers these.
function recommend(op, answers) {
  const cell = decide(op.t, answers);
  const at = pattern(cell.v, answers, op.f || 0);
  const safeguards = [];
  for (let i = 0; i < (cell.s || []).length; i += 2) {
    safeguards.push({because: cell.s[i], names: cell.s[i + 1].map(k => data.safeguards[k])});
  }
  return {
    verdict: data.verdicts[cell.v],
    agreement: data.agreements[cell.a],
    because: (cell.r || []).map(k => data.tables[op.t].rows[k]),
    exception: cell.x || '',
    between: cell.b || '',
    next: data.questions[cell.n],
    differs: op.d && !(cell.p & 1 << op.d) ? data.verdicts[op.d] : '',
    roles: [...cell.o].map(letter => data.roles[letter.charCodeAt(0) - 97]),
    argues: answers.map((a, q) => data.arguments[q][a]),
    safeguards,
    gains: data.tradeoffs[cell.v].gains.join('; '),
    costs: costs(cell.v, answers, at).join('; '),
    pattern: at < 0 ? null : data.patterns[at],
    built: at < 0 || op.s < 0 ? '' : data.stacks[op.s][at],
    becomes: cell.f || [],
  };
}

// ---- showing a recommendation, as the page does without a script ----

// make builds an element; children are elements or text.
function make(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) e.setAttribute(key, value);
  e.append(...children);
  return e;
}

function showWhy(r) {
  const list = [];
  if (r.between) {
    list.push(make('p', null, make('b', {class: 'verdict undecided'}, 'undecided'), ' between ' + r.between));
    list.push(make('p', null, `Answer ${r.next.id} first: ${r.next.ask} ${r.next.test}`));
  } else {
    list.push(make('p', null, make('b', {class: 'verdict ' + r.verdict}, r.verdict), ' ', make('span', {class: 'agreement'}, r.agreement)));
    for (const [row, why] of r.because) {
      list.push(make('p', null, why + ' ', make('span', {class: 'rowname'}, 'row ', make('code', null, row))));
    }
    if (r.exception) list.push(make('p', null, r.exception));
  }
  if (r.differs) list.push(make('p', {class: 'odd'}, `Declared ${r.differs}, which the answers do not give.`));
  return list;
}

function showRest(r) {
  const list = [];
  const entry = (label, values) => {
    if (values.length) list.push(make('div', null, make('dt', null, label), ...values.map(v => make('dd', null, ...[v].flat()))));
  };
  entry('Safeguards', r.safeguards.map(g => {
    const parts = [g.because + ': '];
    g.names.forEach((s, i) => parts.push(...(i ? [', '] : []), make('a', {href: '#safeguard-' + s.id}, s.name)));
    return parts;
  }));
  entry('Pros', r.gains ? [r.gains] : []);
  entry('Cons', r.costs ? [r.costs] : []);
  entry('Pattern', r.pattern ? [[make('b', null, r.pattern.name + '.'), ' ' + r.pattern.what]] : []);
  entry('Build with', r.built ? [r.built] : []);
  entry('What would change it', r.becomes);
  return list;
}

// ---- what-if ----

const given = data.operations.map(op => [...op.a].map(Number));

function same(a, b) { return a.every((x, i) => x === b[i]); }

// tell says in short what the change of answers does.
function tell(before, now) {
  const names = r => new Set(r.safeguards.flatMap(g => g.names.map(s => s.name)));
  const had = names(before), has = names(now);
  const more = [...has].filter(n => !had.has(n)), less = [...had].filter(n => !has.has(n));
  const parts = [];
  if (more.length) parts.push(' To add: ' + more.join(', ') + '.');
  if (less.length) parts.push(' No longer needed: ' + less.join(', ') + '.');
  return [make('b', null, now.verdict === before.verdict ? `Still ${now.verdict}.` : `${now.verdict} instead of ${before.verdict}.`), ...parts];
}

// equip gives an operation that is opened its controls.
function equip(body) {
  if (body.dataset.equipped) return;
  body.dataset.equipped = '1';
  const n = Number(body.id.slice(3)), op = data.operations[n];
  const answers = [...given[n]], before = recommend(op, given[n]);
  const box = body.querySelector('.rationale');
  const status = make('p', {role: 'status'}, 'Change an answer to see what would follow.');
  const reset = make('button', {type: 'button', disabled: ''}, 'Reset the answers');
  const selects = [];
  const update = () => {
    const r = recommend(op, answers), changed = !same(answers, given[n]);
    box.querySelector('.why').replaceChildren(...showWhy(r));
    box.querySelector('dl').replaceChildren(...showRest(r));
    box.querySelectorAll('.answers tbody tr').forEach((tr, q) => {
      tr.querySelector('.argues').textContent = r.argues[q];
      tr.querySelector('.role').textContent = r.roles[q];
      const fact = tr.querySelector('.fact');
      if (fact) fact.hidden = answers[q] !== given[n][q];
    });
    status.replaceChildren(...changed ? tell(before, r) : ['Change an answer to see what would follow.']);
    status.classList.toggle('changed', changed);
    body.querySelector('.tried').textContent = changed ? 'what if: ' + r.verdict : '';
    if (reset.disabled === changed) {
      if (!changed && document.activeElement === reset) selects[0].focus();
      reset.disabled = !changed;
    }
  };
  box.querySelectorAll('.answers tbody tr').forEach((tr, q) => {
    const cell = tr.querySelector('.given');
    const select = make('select', {'aria-label': `${data.questions[q].id} of ${body.querySelector('.id').textContent}`});
    data.options[q].forEach((name, i) => {
      const meaning = q === 2 && data.tables[op.t].latency[i];
      select.append(make('option', {value: i}, meaning ? `${name} (${meaning})` : name));
    });
    select.selectedIndex = answers[q];
    select.addEventListener('change', () => { answers[q] = select.selectedIndex; update(); });
    selects.push(select);
    cell.replaceChildren(select);
    if (q === 2 && op.l) cell.append(make('span', {class: 'fact'}, 'p99 ' + op.l));
  });
  reset.addEventListener('click', () => {
    given[n].forEach((a, q) => { answers[q] = a; selects[q].selectedIndex = a; });
    update();
  });
  box.querySelector('.answers').after(make('div', {class: 'whatif'}, status, reset));
}

// ---- opening ----

// later equips what comes into view: to equip very many at once takes seconds.
const later = new IntersectionObserver(entries => {
  for (const e of entries) {
    if (!e.isIntersecting) continue;
    later.unobserve(e.target);
    equip(e.target.closest('tbody'));
  }
}, {rootMargin: '400px'});

function set(body, open, one = true) {
  if (open && one) equip(body);
  else if (open) later.observe(body.querySelector('.rationale'));
  body.classList.toggle('open', open);
  body.querySelector('.opener button').setAttribute('aria-expanded', String(open));
}

for (const body of bodies) {
  const opener = body.querySelector('.opener');
  const button = make('button', {type: 'button', 'aria-expanded': 'false', 'aria-controls': 'detail-' + body.id.slice(3)});
  button.append(...opener.childNodes);
  opener.append(button);
}

const table = document.getElementById('table');
if (table) {
  table.addEventListener('click', event => {
    const line = event.target.closest('.line');
    if (!line || event.target.closest('a,select') || event.detail && !getSelection().isCollapsed) return;
    const body = line.parentNode;
    set(body, !body.classList.contains('open'));
  });
}

const fold = document.getElementById('fold');
fold.addEventListener('click', () => {
  const open = fold.textContent === 'Open all';
  for (const body of bodies) if (!body.hidden) set(body, open, false);
  fold.textContent = open ? 'Close all' : 'Open all';
});

// ---- filtering ----

const form = document.getElementById('filter');
const find = document.getElementById('find'), service = document.getElementById('service');
const count = document.getElementById('count'), nothing = document.getElementById('nothing');
const hay = bodies.map(body => (body.querySelector('.line').textContent + ' ' + (body.querySelector('.about') || {textContent: ''}).textContent).toLowerCase());

function filter() {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  const checked = name => [...form.querySelectorAll(`input[name=${name}]:checked`)].map(i => i.value);
  const verdicts = checked('verdict'), only = checked('only'), from = service.value;
  let shown = 0;
  bodies.forEach((body, i) => {
    const d = body.dataset;
    const keep = (!verdicts.length || verdicts.includes(d.verdict)) && (!from || d.service === from) &&
      only.every(o => o === 'found' ? d.found !== '0' : d[o]) && words.every(w => hay[i].includes(w));
    if (body.hidden === keep) body.hidden = !keep;
    if (keep) shown++;
  });
  count.textContent = `${shown} of ${bodies.length} operations`;
  if (nothing) nothing.hidden = shown > 0;
}

form.addEventListener('input', filter);
form.addEventListener('reset', () => setTimeout(filter));
form.addEventListener('submit', event => event.preventDefault());
for (const link of document.querySelectorAll('[data-filter]')) {
  link.addEventListener('click', () => {
    form.reset();
    form.querySelector(`input[value=${link.dataset.filter}]`).checked = true;
    filter();
  });
}

// ---- sorting ----

const order = {sync: 0, hybrid: 1, async: 2, undecided: 3};
const collator = new Intl.Collator('en', {numeric: true});
const keys = {
  name: body => body.querySelector('.id').textContent,
  verdict: body => order[body.dataset.verdict],
  declared: body => body.querySelector('td.c-declared').textContent,
  because: body => body.querySelector('td.c-because').textContent,
  latency: body => Number(body.dataset.latency),
  dissents: body => Number(body.dataset.dissents),
  found: body => Number(body.dataset.found),
};

function sort(th) {
  const down = th.getAttribute('aria-sort') === 'ascending' || th.classList.contains('num') && th.getAttribute('aria-sort') === 'none';
  for (const other of table.tHead.rows[0].cells) other.setAttribute('aria-sort', 'none');
  th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  const key = keys[th.dataset.key];
  const rows = bodies.map((body, i) => ({body, i, key: key(body)}));
  rows.sort((a, b) => {
    const by = typeof a.key === 'number' ? a.key - b.key : collator.compare(a.key, b.key);
    return (down ? -by : by) || a.i - b.i;
  });
  const all = document.createDocumentFragment();
  for (const row of rows) all.append(row.body);
  table.append(all);
}

if (table) {
  for (const th of table.tHead.rows[0].cells) {
    const button = make('button', {type: 'button'}, ...th.childNodes);
    button.addEventListener('click', () => sort(th));
    th.append(button);
  }
}

// ---- the graph: fits its box, zooms, moves, and focuses on a service ----

const canvas = document.getElementById('canvas');
if (canvas) {
  const svg = canvas.querySelector('svg'), nodes = [...svg.querySelectorAll('.node')];
  const lines = [...svg.querySelectorAll('[data-from]')], pick = document.getElementById('focus');
  const full = svg.getAttribute('viewBox').split(' ').map(Number);
  let box = full;
  const show = next => { box = next; svg.setAttribute('viewBox', box.join(' ')); };
  // around returns a box of the canvas's proportions that holds an area, and is no smaller than it reads well.
  const around = ([x, y, w, h]) => {
    const r = canvas.getBoundingClientRect(), ratio = (r.width || 1) / (r.height || 1);
    const wide = Math.max(w, h * ratio, r.width * .7);
    return [x + w / 2 - wide / 2, y + h / 2 - wide / ratio / 2, wide, wide / ratio];
  };
  // start fits the whole graph, or where that could not be read its beginning: the entries.
  const start = () => {
    const r = canvas.getBoundingClientRect(), all = around(full), most = r.width / .6;
    if (all[2] <= most) return show(all);
    const high = most * r.height / r.width;
    show([0, Math.max(0, (full[3] - high) / 2), most, high]);
  };
  const zoom = (by, cx = box[0] + box[2] / 2, cy = box[1] + box[3] / 2) => {
    const wide = Math.min(Math.max(box[2] * by, 150), Math.max(full[2], full[3]) * 3), k = wide / box[2];
    show([cx - (cx - box[0]) * k, cy - (cy - box[1]) * k, wide, box[3] * k]);
  };
  const move = (x, y) => show([box[0] + x * box[2], box[1] + y * box[3], box[2], box[3]]);
  const at = event => {
    const r = canvas.getBoundingClientRect();
    return [box[0] + (event.clientX - r.left) / r.width * box[2], box[1] + (event.clientY - r.top) / r.height * box[3]];
  };
  const focus = n => {
    pick.value = n;
    canvas.classList.toggle('focused', n !== '');
    const near = new Set([n]);
    for (const e of lines) {
      const touches = e.dataset.from === n || e.dataset.to === n;
      e.classList.toggle('dim', n !== '' && !touches);
      if (touches) near.add(e.dataset.from).add(e.dataset.to);
    }
    for (const g of nodes) g.classList.toggle('dim', n !== '' && !near.has(g.dataset.n));
    if (n === '') return start();
    const boxes = nodes.filter(g => near.has(g.dataset.n)).map(g => g.getBBox());
    const x = Math.min(...boxes.map(b => b.x)), y = Math.min(...boxes.map(b => b.y));
    show(around([x - 20, y - 20, Math.max(...boxes.map(b => b.x + b.width)) - x + 40, Math.max(...boxes.map(b => b.y + b.height)) - y + 40]));
  };
  const named = nodes.map(g => [g.querySelector('title').textContent, g.dataset.n]);
  for (const [name, n] of named.sort((a, b) => a[0] < b[0] ? -1 : 1)) pick.append(make('option', {value: n}, name));
  pick.addEventListener('change', () => focus(pick.value));
  canvas.addEventListener('wheel', event => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY / 300), ...at(event));
  }, {passive: false});
  const pointers = new Map();
  let moved = 0;
  canvas.addEventListener('pointerdown', event => { pointers.set(event.pointerId, event); moved = 0; });
  canvas.addEventListener('pointermove', event => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const r = canvas.getBoundingClientRect(), x = event.clientX - last.clientX, y = event.clientY - last.clientY;
    moved += Math.abs(x) + Math.abs(y);
    if (moved > 4) canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 1) move(-x / r.width, -y / r.height);
    else {
      const other = [...pointers.values()].find(p => p.pointerId !== event.pointerId);
      const apart = p => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY) || 1;
      zoom(apart(last) / apart(event), ...at(other));
    }
    pointers.set(event.pointerId, event);
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, event => pointers.delete(event.pointerId));
  canvas.addEventListener('click', event => {
    const g = event.target.closest('.node');
    if (moved > 4) return;
    if (g) focus(g.dataset.n === pick.value ? '' : g.dataset.n);
  });
  const keys = {'+': () => zoom(.8), '=': () => zoom(.8), '-': () => zoom(1.25), '0': () => focus(''), Escape: () => focus(''),
    ArrowLeft: () => move(-.1, 0), ArrowRight: () => move(.1, 0), ArrowUp: () => move(0, -.1), ArrowDown: () => move(0, .1)};
  canvas.addEventListener('keydown', event => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  document.getElementById('zoom-in').addEventListener('click', () => zoom(.8));
  document.getElementById('zoom-out').addEventListener('click', () => zoom(1.25));
  document.getElementById('zoom-fit').addEventListener('click', () => { focus(''); show(around(full)); });
  addEventListener('beforeprint', () => show(full));
  start();
}

// ---- filtering the findings ----

const findingForm = document.getElementById('finding-filter');
if (findingForm) {
  const items = [...document.querySelectorAll('.findings li')], rules = [...document.querySelectorAll('.rule')];
  const text = document.getElementById('find-finding'), from = document.getElementById('finding-service');
  findingForm.addEventListener('input', () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = [...findingForm.querySelectorAll('input[name=severity]:checked')].map(i => i.value);
    let shown = 0;
    for (const rule of rules) {
      const head = rule.querySelector('summary').textContent.toLowerCase();
      let kept = 0;
      for (const li of rule.querySelectorAll('.findings li')) {
        const hay = head + li.textContent.toLowerCase();
        li.hidden = !((!severities.length || severities.includes(li.dataset.severity)) &&
          (!from.value || li.dataset.service === from.value) && words.every(w => hay.includes(w)));
        if (!li.hidden) kept++;
      }
      rule.hidden = kept === 0;
      rule.querySelector('.many').textContent = kept;
      shown += kept;
    }
    document.getElementById('finding-count').textContent = `${shown} of ${items.length} findings`;
  });
  findingForm.addEventListener('submit', event => event.preventDefault());
}

// ---- links into the page ----

function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.matches('tbody.op')) {
    if (target.hidden) { form.reset(); filter(); }
    set(target, true);
    target.querySelector('.opener button').focus({preventScroll: true});
    target.scrollIntoView({block: 'start'});
  } else if (target.matches('details')) {
    target.open = true;
    target.querySelector('summary').focus({preventScroll: true});
    target.scrollIntoView({block: 'nearest'});
  }
}

addEventListener('hashchange', follow);
follow();

// For tests: the same evaluation, for any answers.
globalThis.waitornot = {recommend, operations: data.operations, options: data.options};
})();
