const root = document.documentElement;
const data = JSON.parse(document.getElementById('data').textContent);
const bodies = [...document.querySelectorAll('tbody.op')];
const collator = new Intl.Collator('en', {numeric: true});
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
  const n = Number(body.id.slice(3)), op = data.operations[n], before = recommend(op, given[n]), name = body.querySelector('.id').textContent;
  const tried = tries.get(n), answers = tried ? [...tried.answers] : [...given[n]];
  let mode = tried ? tried.mode : 0, chosen = mode !== 0;
  const box = body.querySelector('.rationale');
  const status = make('p', {role: 'status'}, 'Change an answer to see what would follow.');
  const reset = make('button', {type: 'button', disabled: ''}, 'Reset the answers');
  const works = make('select', {'aria-label': `how ${name} works`});
  const today = op.d ? `as today (${data.verdicts[op.d]})` : 'as today';
  [today, 'sync', 'async', 'hybrid'].forEach((text, i) => works.append(make('option', {value: i}, text)));
  const selects = [];
  const update = keep => {
    const r = recommend(op, answers), changed = !same(answers, given[n]);
    if (!chosen) { // how it works follows the verdict, unless somebody says otherwise
      mode = changed && r.verdict !== 'undecided' && data.verdicts.indexOf(r.verdict) !== todayOf(n) ? data.verdicts.indexOf(r.verdict) : 0;
    }
    works.selectedIndex = mode;
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
    const any = changed || mode !== 0;
    if (reset.disabled === any) {
      if (!any && document.activeElement === reset) selects[0].focus();
      reset.disabled = !any;
    }
    if (keep !== true) setTry(n, answers, mode);
  };
  box.querySelectorAll('.answers tbody tr').forEach((tr, q) => {
    const cell = tr.querySelector('.given');
    const select = make('select', {'aria-label': `${data.questions[q].id} of ${name}`});
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
  works.addEventListener('change', () => { mode = works.selectedIndex; chosen = mode !== 0; update(); });
  reset.addEventListener('click', () => {
    given[n].forEach((a, q) => { answers[q] = a; selects[q].selectedIndex = a; });
    mode = 0;
    chosen = false;
    update();
  });
  const old = box.querySelector('.whatif');
  if (old) old.remove();
  box.querySelector('.answers').after(make('div', {class: 'whatif'}, status, make('label', {class: 'works'}, 'Works ', works), reset));
  update(true);
}

// reequip renews the controls of an operation that was changed elsewhere.
function reequip(n) {
  const body = document.getElementById('op-' + n);
  if (!body) return;
  delete body.dataset.equipped;
  if (body.querySelector('.whatif')) equip(body);
}
