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
const all = bodies.length < data.operations.length ? 'listed operations' : 'operations';
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
  count.textContent = `${shown} of ${bodies.length} ${all}`;
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
    document.getElementById('finding-count').textContent = `${shown} of ${items.length} ${data.unlisted.length ? 'listed findings' : 'findings'}`;
  });
  findingForm.addEventListener('submit', event => event.preventDefault());
}

// ---- links into the page ----

function follow() {
  if (load()) {
    for (const n of new Set([...shown, ...tries.keys()])) reequip(n);
    refresh(true);
  } else if (tries.size) history.replaceState(null, '', address()); // a link of the page: what is tried stays
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1).split('&')[0]));
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
globalThis.waitornot = {recommend, operations: data.operations, options: data.options, numbers, journeys: data.journeys};
