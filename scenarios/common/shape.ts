/** Whether a value is a scenario, and if not, everything that is wrong about it, field by field. */

type Fields = Readonly<Record<string, unknown>>;

/** Fields and the types of their values; those that end in ? may be left out. */
type Types = Readonly<Record<string, string>>;

const SCENARIO: Types = {
  id: 'string',
  title: 'string',
  question: 'string',
  service: 'string',
  parameters: 'object',
  headline: 'string',
  idealMs: 'function',
  deadlineMs: 'function',
  'serviceSettings?': 'function',
  'serverOptions?': 'function',
  'warmupMs?': 'function',
  'measuredUntilMs?': 'function',
  'holds?': 'boolean',
  'faults?': 'object',
  'ramps?': 'boolean',
  'client?': 'function',
  'http?': 'function',
};

const METRIC: Types = {
  id: 'string',
  title: 'string',
  unit: 'string',
  direction: 'string',
  description: 'string',
  source: 'object',
};

/** Fields of a parameter, by its kind. */
const QUANTITY: Types = { default: 'number', min: 'number', max: 'number', description: 'string' };
const TEXT: Types = { default: 'string', description: 'string' };
const PARAMETERS: Readonly<Record<string, Types>> = {
  integer: QUANTITY,
  duration: QUANTITY,
  rate: QUANTITY,
  think: TEXT,
  boolean: { default: 'boolean', description: 'string' },
  choice: { ...TEXT, choices: 'object' },
  text: TEXT,
};

/** Fields of a scenario that name a parameter, and the kind that it must be of. */
const PARAMETER_NAMES: Readonly<Record<string, string>> = {
  timedBy: 'duration',
  patienceBy: 'duration',
  thinkBy: 'think',
  pacedBy: 'rate',
};

/** One clause for each problem; empty for a scenario. */
export function problemsOf(value: unknown): readonly string[] {
  if (!isFields(value)) return ['its default export is not an object'];
  return [
    ...fieldProblems(value, SCENARIO),
    ...(typeof value['id'] === 'string' && !/^[a-z][a-z0-9-]*$/.test(value['id'])
      ? ['id takes lower-case letters, digits and hyphens, a letter first']
      : []),
    ...loadProblems(value),
    ...(Array.isArray(value['metrics'])
      ? value['metrics'].flatMap((metric, i) => fieldProblems(metric, METRIC, `metrics[${i}]`))
      : ['metrics must be an array (it may be empty)']),
    ...(isFields(value['parameters']) ? parameterProblems(value, value['parameters']) : []),
  ];
}

/** What makes the load: our own clients, or an HTTP load tool. */
function loadProblems({ client, http }: Fields): readonly string[] {
  if (client === undefined && http === undefined)
    return ['client is missing (or http, for an HTTP load tool)'];
  return client !== undefined && http !== undefined ? ['it has both client and http: leave one out'] : [];
}

function parameterProblems(scenario: Fields, parameters: Fields): readonly string[] {
  const kindOf = (name: unknown): unknown => {
    const parameter = parameters[String(name)];
    return isFields(parameter) ? parameter['kind'] : undefined;
  };
  return [
    ...Object.entries(parameters).flatMap(([name, parameter]) => {
      const types = PARAMETERS[String(kindOf(name))];
      return types
        ? fieldProblems(parameter, types, `parameters.${name}`)
        : [`parameters.${name}.kind must be one of ${Object.keys(PARAMETERS).join(', ')}`];
    }),
    ...Object.entries(PARAMETER_NAMES)
      .filter(([field, kind]) => scenario[field] !== undefined && kindOf(scenario[field]) !== kind)
      .map(([field, kind]) => `${field} must be the name of a parameter of kind ${kind}`),
  ];
}

function fieldProblems(fields: unknown, types: Types, at?: string): string[] {
  if (!isFields(fields)) return [`${at} is not an object`];
  return Object.entries(types).flatMap(([field, type]) => {
    const name = field.replace('?', '');
    const value = fields[name];
    const place = at === undefined ? name : `${at}.${name}`;
    if (value === undefined) return name === field ? [`${place} is missing`] : [];
    const article = type === 'object' ? 'an' : 'a';
    return typeof value === type && value !== null ? [] : [`${place} must be ${article} ${type}`];
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
