import tseslint from 'typescript-eslint'

/** The rooms whose answers depend on their arguments alone; test/house/imports.test.ts says who may import whom. */
const innerRooms = ['base', 'bundle', 'dump', 'x509', 'inventory', 'model', 'replay', 'rules', 'report', 'render']
const inner = [...innerRooms.map((room) => `src/${room}/**/*.ts`), 'src/index.ts']

const outsideWorld = {
  'the process and its files': ['process', 'Buffer', 'require', 'module', '__dirname', '__filename', 'global'],
  'the console': ['console', 'alert', 'confirm', 'prompt'],
  'the network': ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'Worker', 'SharedWorker', 'importScripts'],
  'the page': [
    'document',
    'window',
    'self',
    'name',
    'event',
    'navigator',
    'location',
    'history',
    'localStorage',
    'sessionStorage',
    'indexedDB',
    'caches',
  ],
  'a clock': ['performance', 'setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame', 'requestIdleCallback'],
}
const purity = (what) => `An inner room must not reach ${what}: take it as an argument, or do it in node or cli.`
const forbidden = Object.entries(outsideWorld).flatMap(([what, names]) => names.map((name) => ({ name, message: purity(what) })))

const localTime =
  '/^([gs]et(FullYear|Year|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)|getTimezoneOffset|toDateString|toTimeString)$/'

const pureSyntax = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: purity('a clock') },
  { selector: "CallExpression[callee.name='Date']", message: purity('a clock') },
  { selector: "NewExpression[callee.name='Date'][arguments.length>1]", message: 'Reads the machine’s time zone: use Date.UTC.' },
  {
    selector: `CallExpression > MemberExpression[property.name=${localTime}]`,
    message: 'Reads the machine’s time zone: use the UTC form.',
  },
  {
    selector: 'MemberExpression[property.name=/^(localeCompare|toLocale[A-Z][A-Za-z]*)$/]',
    message: 'Differs from machine to machine: compareStrings of base/order.ts orders by code units.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(push|unshift|min|max|fromCharCode)$/] > SpreadElement',
    message: 'A list of the input may be longer than the stack: append of base/append.ts, smallest and largest of base/order.ts.',
  },
  { selector: 'MemberExpression[property.name=/^(getRandomValues|randomUUID|generateKey)$/]', message: purity('randomness') },
]

const noDefaultExport = {
  'no-restricted-exports': [
    'error',
    { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } },
  ],
}

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'test/**/fixtures/', 'examples/', 'docs/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The core rules worth having that the compiler does not already hold.
      // `!= null` is how a value of JSON is asked whether it is there.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constructor-return': 'error',
      'no-debugger': 'error',
      'no-empty': 'error',
      'no-eval': 'error',
      'no-extend-native': 'error',
      'no-fallthrough': 'error',
      'no-irregular-whitespace': 'error',
      'no-loss-of-precision': 'error',
      'no-new-wrappers': 'error',
      'no-proto': 'error',
      'no-prototype-builtins': 'error',
      'no-self-compare': 'error',
      'no-sparse-arrays': 'error',
      'no-template-curly-in-string': 'error',
      'no-unneeded-ternary': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-rename': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],

      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { prefer: 'type-imports', fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      ...noDefaultExport,

      // A number in a sentence is what we mean it to be; anything else in a template literal still needs a decision.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `map.forEach((value) => out.push(value))` and `() => run()` say what they do.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // `while (true)` with one way out inside is how a parser's loop reads best.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
      // Spreading splits our own ASCII alphabets and walks text by code point, which is what a reader of bytes wants.
      '@typescript-eslint/no-misused-spread': 'off',
      // Older API versions' fields are renamed on a copy that was made for it.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // A name with a leading underscore is there for its position.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: inner,
    rules: {
      'no-restricted-globals': ['error', ...forbidden],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: purity('a clock') },
        { object: 'Math', property: 'random', message: purity('randomness') },
        ...forbidden.map(({ name, message }) => ({ object: 'globalThis', property: name, message })),
      ],
      'no-restricted-syntax': ['error', ...pureSyntax],
    },
  },
  {
    // Push parsers: their state changes in calls, which the compiler does not follow.
    files: ['src/dump/split-*.ts'],
    rules: { '@typescript-eslint/no-unnecessary-condition': 'off' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      // A test states what it knows of its own input, and fails loudly where it is wrong.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // What a test feeds may look like a mistake.
      'no-template-curly-in-string': 'off',
      // JSON of fixtures and of other programs comes without types.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Tools read their configuration from a default export.
    files: ['*.config.{js,ts}', 'test/*.config.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
)
